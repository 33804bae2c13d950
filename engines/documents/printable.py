"""What the bundled fonts have no picture of, and no document needs."""

import re

# Emoji, dingbats and what joins and varies them; letters of every alphabet stay.
_PICTURES = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u200d\u20e3\ufe0e\ufe0f]+ ?")


def without_emoji(html: str) -> str:
    """`html` as it is printed: each emoji would be an empty box. The page that twins it keeps them."""
    return _PICTURES.sub("", html)
