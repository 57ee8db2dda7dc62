"""The errors Classwright raises, by what the reader can do about them.

The command line prints the message as one line and exits with ``exit_code``; a traceback appears only with ``--debug``.
"""


class ClasswrightError(Exception):
    """A run that could not finish. The message is one line and names the file and the fix where there is one."""

    exit_code = 1


class InputError(ClasswrightError):
    """Something a person wrote (a file, an option, an id) is wrong; correcting it is enough."""

    exit_code = 2


class UnreachableError(ClasswrightError):
    """A model endpoint did not answer after every retry; start it or name another one."""

    exit_code = 3


class OutputError(ClasswrightError):
    """A model's reply did not fit its schema or check after one repair; the judgement is missing, never guessed."""


class JournalError(ClasswrightError):
    """A journal is damaged or belongs to another program state; the message names the file and the line."""


class StoppedError(ClasswrightError):
    """Ctrl-C ended a run that keeps what it has; the message says how to go on."""

    exit_code = 130
