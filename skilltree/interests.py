"""What a learner's own words for an interest mean, at three grains: topic, subtopic, named reference.

Teachers set problems at a broad grain ("sports"), pupils prefer what they name themselves ("the 2022 World Cup final",
"Minecraft"), so an interest is read as it was written and can be widened to what is broader, never narrowed: which
reference a learner of "football" has in mind is not for us to guess.
"""

import re
from dataclasses import dataclass
from typing import Literal

Grain = Literal["topic", "subtopic", "reference"]
GRAINS: tuple[Grain, ...] = ("topic", "subtopic", "reference")

# topic: its subtopics, the most usual one first
_TOPICS = {
    "sports": "football, basketball, swimming, cycling",
    "food": "baking, cooking",
    "animals": "animals, dogs, horses, dinosaurs",
    "art": "painting, music, dance",
    "nature": "gardening, fishing, animals",
    "games": "video games, chess",
    "science": "space, robots, dinosaurs",
    "technology": "robots, video games, space",
    "vehicles": "trains, cycling",
    "stories": "reading",
}
_TOPIC_NAMES = {
    "sport": "sports", "arts": "art", "animal": "animals", "transport": "vehicles", "gaming and games": "games",
    "outdoors": "nature", "eating": "food", "tech": "technology", "sciences": "science", "story": "stories",
}  # fmt: skip

# subtopic: other names of it
_SUBTOPIC_NAMES = {
    "football": "soccer", "basketball": "", "baking": "cakes; cake", "cooking": "pizza; kitchen", "swimming": "diving",
    "music": "singing; guitar; piano; drums; k-pop; pop music; hip-hop", "dance": "dancing; ballet",
    "space": "astronomy; rockets; planets; stars and planets", "dogs": "dog; puppies",
    "horses": "horse; riding; horse riding; ponies", "animals": "pets; cats; cat; zoo",
    "dinosaurs": "dinosaur; fossils", "painting": "drawing", "gardening": "plants; garden", "fishing": "angling",
    "robots": "robot; coding; robotics; programming", "video games": "gaming; video game; computer games",
    "chess": "", "reading": "books; comics; manga", "trains": "train; railways",
    "cycling": "bikes; biking; bike; mountain biking",
}  # fmt: skip

# subtopic: things of it beyond those of its scenes, which may carry the numbers of a problem
_WORDS = {
    "football": "goal; fan; player; team; match; coach; stadium; pitch; ball; shirt; kick; trophy; referee; shot; pass",
    "basketball": "hoop; basket; shot; player; team; fan; court; coach; free throw; jersey; sneaker; game",
    "baking": "cake; bread; dough; oven; sugar; recipe; pie; pastry; butter; egg; loaf; batter; cupcake; brownie",
    "cooking": "pizza; soup; recipe; pot; pan; rice; pasta; noodle; slice; onion; dish; meal; sauce; taco; egg; chef",
    "swimming": "lap; pool; swimmer; lane; dive; towel; goggle; swim; coach; medal",
    "music": "song; guitar; drum; piano; concert; album; singer; band; note; violin; fan; playlist; ticket; stage",
    "dance": "dancer; step; costume; stage; shoe; show; tutu; ribbon; routine; studio; performance",
    "space": "rocket; planet; star; astronaut; moon; rover; satellite; telescope; crater; fuel; meteor; mission; rock",
    "dogs": "puppy; bone; treat; ball; leash; walk; dog; kennel; toy; collar; bowl; trick",
    "horses": "pony; stable; saddle; hay; carrot; horse; hoof; rider; jump; trail; apple; brush",
    "animals": "cat; dog; pet; bird; rabbit; fish; lion; elephant; penguin; monkey; cage; zoo; feed; kitten; hamster",
    "dinosaurs": "dinosaur; fossil; bone; egg; tooth; skeleton; footprint; museum; claw; rex; raptor; dig",
    "painting": "paint; brush; crayon; canvas; color; picture; pencil; marker; drawing; sketch; frame; portrait",
    "gardening": "flower; seed; plant; tomato; garden; tulip; rose; soil; pot; carrot; bean; sunflower; tree",
    "fishing": "fish; boat; hook; net; worm; line; bait; lake; trout; rod; lure; catch",
    "robots": "robot; gear; battery; sensor; motor; wheel; wire; chip; lab; bolt; screw; part; arm; robotics",
    "video games": "coin; card; level; player; game; point; gem; life; token; star; score; controller; quest",
    "chess": "pawn; knight; bishop; rook; queen; board; piece; move; match; game; clock; player; tournament",
    "reading": "book; page; chapter; story; comic; library; bookmark; novel; shelf; reader; author; wand; spell",
    "trains": "train; wagon; station; track; ticket; passenger; engine; car; rail; seat; platform",
    "cycling": "bike; wheel; helmet; rider; ride; bell; race; lap; tire; pedal; trail; cyclist; stage; tube",
}

# a named reference (any of the names before the colon): its subtopic; its own things
_REFERENCES = """
minecraft: video games; block, diamond, chest, torch, pickaxe, sword, creeper, emerald, ingot, cube, sheep, potion
roblox: video games; robux, avatar, obby, badge, pet
fortnite: video games; chest, shield, skin, island, potion
mario; mario kart; super mario: video games; coin, mushroom, star, castle, kart, lap
pokemon; pokémon: video games; card, ball, trainer, badge, berry, potion
zelda; legend of zelda: video games; rupee, heart, sword, shield, arrow
animal crossing: video games; bell, island, fruit, fossil, shell
world cup; champions league; premier league; euro 2024; fifa: football; final, flag, medal, sticker, ticket, cup
messi; ronaldo; mbappe; real madrid; fc barcelona; liverpool fc; manchester united: football; shirt, poster
nba; lebron james; stephen curry; lakers: basketball; poster, sneaker
olympics; olympic games: swimming; medal, athlete, torch, flag, race, ring
tour de france: cycling; yellow jersey, mountain, stage, team
great british bake off; bake off: baking; tent, baker, layer, judge
ratatouille: cooking; rat, chef
taylor swift; beyonce; bts; blackpink; billie eilish; beethoven; mozart: music; bracelet, poster, tour, lyric, fan
nutcracker; swan lake: dance; dancer, swan, doll
star wars: space; lightsaber, droid, starship, galaxy, jedi
apollo 11; nasa; moon landing; mars rover: space; astronaut, module, crater
jurassic park; jurassic world: dinosaurs; park, egg, fence
harry potter; hogwarts; percy jackson; narnia: reading; wand, owl, potion, spell, broom, castle, wizard, butterbeer
paw patrol: dogs; pup, badge, rescue
black beauty; spirit riding free: horses; stable
wall-e; transformers: robots; robot, trash, cube
van gogh; frida kahlo; monet: painting; sunflower, portrait, museum
thomas the tank engine; polar express: trains; engine, bell, ticket
finding nemo: animals; clownfish, fish, turtle, shell, shark
"""


@dataclass(frozen=True, slots=True)
class Interest:
    """An interest as a learner or teacher wrote it.

    Attributes:
        words: The phrase, without a leading "the" that a sentence would add.
        grain: How narrow it is.
        subtopic: The subtopic with scenes that it belongs to; "" where none is known.
        topic: Its topic; "" where none is known.
    """

    words: str
    grain: Grain
    subtopic: str = ""
    topic: str = ""

    def at(self, grain: Grain) -> "Interest":
        """The interest widened to a grain; itself where it is as wide already or where nothing broader is known."""
        if GRAINS.index(grain) >= GRAINS.index(self.grain):
            return self
        wider = self.topic if grain == "topic" else self.subtopic or self.topic
        return read_interest(wider) if wider else self


def read_interest(text: str) -> Interest:
    """What an interest in a learner's own words means; any words are fine.

    What is in no table is a named reference where it looks like a name (a capital letter or a digit inside, or four
    words and more), else a subtopic of its own.
    """
    words = " ".join(text.split())
    plain = _plain(words)
    if plain in _TOPICS or plain in _TOPIC_NAMES:
        topic = _TOPIC_NAMES.get(plain, plain)
        if topic == plain and plain in _WORDS:  # "animals" has scenes of its own and is a topic, too
            return Interest(words, "topic", plain, topic)
        return Interest(words, "topic", _TOPICS[topic].split(", ")[0], topic)
    if plain in _SUBTOPIC:
        return Interest(words, "subtopic", _SUBTOPIC[plain], topic_of(_SUBTOPIC[plain]))
    for names, (subtopic, _) in _REFERENCE_TABLE.items():
        if _is_named(plain, names):
            return Interest(words, "reference", subtopic, topic_of(subtopic))
    named = len(plain.split()) > 3 or re.search(r"\d", plain) or re.search(r"[A-Z]", words[1:])
    return Interest(words, "reference" if named else "subtopic", *_mentioned(plain))


def widened(text: str, grain: Grain) -> str:
    """An interest in a learner's own words at a grain: "Minecraft" at "subtopic" is "video games"."""
    return read_interest(text).at(grain).words


def subtopics(interest: Interest) -> tuple[str, ...]:
    """The subtopics whose scenes and things fit an interest: all of a topic's, else its own; empty if unknown."""
    if interest.grain == "topic" and interest.topic:
        return tuple(_TOPICS[interest.topic].split(", "))
    return (interest.subtopic,) if interest.subtopic else ()


def topic_of(subtopic: str) -> str:
    """The topic that a subtopic belongs to first; "" for an unknown one."""
    return next((topic for topic, subs in _TOPICS.items() if subtopic in subs.split(", ")), "")


def vocabulary(interest: Interest) -> frozenset[str]:
    """Things of an interest that may carry a problem's numbers, singular and lower case; empty where none is known.

    A topic has the things of all its subtopics. A video game has only its own: a coin is in all of them and would make
    none recognizable.
    """
    own = _own(interest)
    if own and interest.subtopic == "video games":
        return own
    return frozenset(word for s in subtopics(interest) for word in _things(s)) | own


def own_words(interest: Interest) -> tuple[str, ...]:
    """Up to a dozen things of an interest to tell a model, its own before those of its subtopic."""
    subs = subtopics(interest)
    rest = [word for s in subs for word in _things(s)[: 12 // len(subs) + 1]]
    return tuple(dict.fromkeys([*sorted(_own(interest)), *rest]))[:12]


def _things(subtopic: str) -> list[str]:
    return [word.strip() for word in _WORDS[subtopic].split(";")]


def _own(interest: Interest) -> frozenset[str]:
    """The things of a named reference itself."""
    plain = _plain(interest.words)
    named = [own for names, (_, own) in _REFERENCE_TABLE.items() if _is_named(plain, names)]
    return frozenset().union(*named) if interest.grain == "reference" else frozenset()


def _is_named(plain: str, names: tuple[str, ...]) -> bool:
    return any(re.search(rf"\b{re.escape(name)}\b", plain) for name in names)


def _plain(text: str) -> str:
    return " ".join(text.lower().removeprefix("the ").split())


def _mentioned(plain: str) -> tuple[str, str]:
    """(subtopic, topic) of the first subtopic that an unknown phrase names: "women's basketball league"."""
    for name in sorted(_SUBTOPIC, key=len, reverse=True):
        if re.search(rf"\b{re.escape(name)}\b", plain):
            return _SUBTOPIC[name], topic_of(_SUBTOPIC[name])
    return "", ""


_SUBTOPIC = {
    name.strip(): subtopic
    for subtopic, names in _SUBTOPIC_NAMES.items()
    for name in (subtopic, *names.split(";"))
    if name.strip()
}


def _read_references(table: str) -> dict[tuple[str, ...], tuple[str, frozenset[str]]]:
    """(names) -> subtopic and own things, of lines "name; name: subtopic; thing, thing"."""
    rows = {}
    for line in table.strip().splitlines():
        names, rest = line.split(":")
        subtopic, things = rest.split(";")
        key = tuple(name.strip() for name in names.split(";"))
        rows[key] = (subtopic.strip(), frozenset(thing.strip() for thing in things.split(",")))
    return rows


_REFERENCE_TABLE = _read_references(_REFERENCES)
