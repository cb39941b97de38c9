"""The README for an index page: without pictures and links that lie in the repository."""

import re


def for_index(text: str) -> str:
    text = re.sub(r"^!\[[^]]*\]\((?!https://)[^)]*\)\n\n", "", text, flags=re.MULTILINE)
    return re.sub(r"(?<!!)\[([^]]+)\]\((?!https?://)[^)]*\)", r"\1", text)
