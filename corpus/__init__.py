"""The corpus that the embedded model learns its words from: our own texts, under the prompts that the agents render."""
