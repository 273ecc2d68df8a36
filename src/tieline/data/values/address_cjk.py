"""Japanese, Chinese and Korean addresses in their own script: large to small, without commas."""

from __future__ import annotations

import re

from tieline.data.values.address_locality import Locality

_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CODE = re.compile(r"〒?\s*(\d{3}-?\d{4}|\d{6}|\d{5})(?!\d)")
_JAPAN = re.compile(
    r"^(東京都|北海道|(?:京都|大阪)府|.{2,3}県)(.+?郡.+?[町村]|.+?市(?:.+?区)?|.+?区|.+?[町村])(.*)$"
)
_CHINA = re.compile(
    r"^(?:中国|中华人民共和国)?(.+?(?:省|自治区)|(?:北京|上海|天津|重庆)市?)?(.+?(?:市|州|盟))?(.+?[区县市旗])?(.*)$"
)
_KOREA = re.compile(r"^(\S+?(?:특별시|광역시|특별자치시|특별자치도|도|시))\s+(\S+[시군구])\s+(.*)$")
_CITY_STATES = ("北京", "上海", "天津", "重庆")


def split_native(segments: list[str], iso2: str | None) -> tuple[list[str], Locality] | None:
    """Street and locality of an address in Han, Kana or Hangul; None for any other script."""
    text = " ".join(segments)
    if text.isascii() or not _HAN.search(text):
        return None
    code = _CODE.search(text)
    rest = (text[: code.start()] + text[code.end() :]).strip() if code else text
    postcode = code.group(1) if code else None
    if japan := _JAPAN.match(rest.replace(" ", "")):
        region, city, street = japan.groups()
        return [street] if street else [], Locality(city, region, postcode, iso2 or "JP")
    if korea := _KOREA.match(rest):
        region, city, street = korea.groups()
        return [street], Locality(city, region, postcode, iso2 or "KR")
    china = _CHINA.match(rest.replace(" ", ""))
    if china and iso2 in ("CN", None) and (china.group(1) or china.group(2)):
        region, city, district, street = china.groups()
        if region and region[:2] in _CITY_STATES and not city:
            city = region
        street = (district or "") + street
        return [street] if street else [], Locality(city, region, postcode, "CN")
    return None
