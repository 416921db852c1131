"""The default alphabet of text messages and its extension table (3GPP TS 23.038), one octet a septet."""

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = dict(zip("\f^{}\\[~]|€", b"\x0a\x14()/<=>@e", strict=True))
_ESCAPE = 0x1B
_CODES = {sign: bytes((code,)) for code, sign in enumerate(_BASIC) if code != _ESCAPE} | {
    sign: bytes((_ESCAPE, code)) for sign, code in _EXTENSION.items()
}


def encoded(text: str) -> bytes:
    """The septets of a text; raises KeyError for a sign that the alphabet does not have."""
    return b"".join(_CODES[sign] for sign in text)
