"""Text from outside."""


def printable(text: str) -> str:
    """``text`` without characters that a page cannot hold."""
    return "".join(character for character in text if character.isprintable())
