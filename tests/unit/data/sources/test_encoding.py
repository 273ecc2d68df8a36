"""Names and places of many languages, in the code pages their lists come in."""

import pytest

PEOPLE = {
    "german": ["Jürgen Großmann;Düsseldorf", "Käthe Böhm;Köln", "Jörg Weiß;Tübingen"],
    "french": ["Hélène Lefèvre;Besançon", "Jérôme Noël;Nîmes", "Benoît Château;Orléans"],
    "spanish": ["José Muñoz;Málaga", "María Núñez;A Coruña", "Íñigo Peña;León"],
    "portuguese": ["João Simões;São Paulo", "Inês Conceição;Évora"],
    "danish": ["Søren Nørgaard;Ærøskøbing", "Åse Kjær;Aabenraa"],
    "polish": ["Łukasz Wójcik;Łódź", "Małgorzata Dąbrowska;Kraków", "Michał Woźniak;Gdańsk"],
    "czech": ["Jiří Dvořák;Plzeň", "Kateřina Růžičková;Děčín", "Zdeněk Černý;Hradec Králové"],
    "hungarian": ["György Szőke;Győr", "Erzsébet Fűzfa;Székesfehérvár"],
    "russian": ["Иван Петров;Москва", "Ольга Щербакова;Нижний Новгород", "ООО «ТЕСТ»;Пётр"],
    "ukrainian": ["Вікторія Єщенко;Вінниця", "Ігор Їжакевич;Біла Церква"],
    "greek": ["Γιώργος Παπαδόπουλος;Αθήνα", "Ελένη Νικολάου;Θεσσαλονίκη"],
    "turkish": ["Ayşe Yıldız;İzmir", "Oğuz Şahin;Eskişehir", "Çağrı Öztürk;Muğla"],
    "japanese": ["田中 太郎;東京都港区", "鈴木 花子;大阪府", "株式会社ソニー;ヨコハマ"],
    "chinese": ["王小明;北京市朝阳区", "李娜;上海市浦东新区", "联通;深圳"],
    "taiwanese": ["陳志明;台北市信義區", "林淑芬;高雄市"],
    "korean": ["김민준;서울특별시", "이서연;부산광역시 해운대구"],
}  # fmt: skip

CASES = [
    ("german", "cp1252"), ("german", "latin-1"), ("german", "cp850"), ("german", "mac_roman"),
    ("german", "utf-16"), ("german", "utf-16-be"), ("german", "utf-32"), ("german", "utf-8-sig"),
    ("french", "cp1252"), ("french", "latin-1"), ("french", "mac_roman"), ("spanish", "cp1252"),
    ("portuguese", "cp1252"), ("danish", "cp1252"), ("polish", "cp1250"), ("polish", "iso8859_2"),
    ("czech", "cp1250"), ("czech", "cp852"), ("hungarian", "cp1250"), ("russian", "cp1251"),
    ("russian", "koi8_r"), ("russian", "cp866"), ("russian", "utf-8"), ("greek", "cp1253"),
    ("turkish", "cp1254"), ("japanese", "cp932"), ("japanese", "shift_jis"),
    ("japanese", "euc_jp"), ("japanese", "utf-16-le"), ("chinese", "gbk"),
    ("chinese", "gb18030"), ("chinese", "utf-8"), ("taiwanese", "big5"), ("korean", "cp949"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_no_letter_is_lost(read, language, encoding):
    people = PEOPLE[language]
    if encoding in ("koi8_r", "cp866"):
        people = people[:2]
    result = read("\n".join(["name;city", *people]) + "\n", encoding)
    assert result.rows == [tuple(line.split(";")) for line in people]


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("french", "cp1252"),
        ("polish", "cp1250"),
        ("russian", "cp1251"),
        ("ukrainian", "cp1251"),
        ("japanese", "cp932"),
        ("chinese", "gbk"),
    ],
)
@pytest.mark.parametrize("person", [0, 1])
def test_one_name_among_many_plain_ones(read, language, encoding, person):
    plain = [f"John Smith {n};London" for n in range(5000)]
    odd = PEOPLE[language][person]
    result = read("\n".join(["name;city", *plain, odd, *plain]) + "\n", encoding)
    assert result.rows[5000] == tuple(odd.split(";"))


@pytest.mark.parametrize("legacy", ["cp1252", "latin-1"])
def test_encodings_mixed_in_one_file(read, legacy):
    lines = ["name;city"]
    for n in range(300):
        lines += PEOPLE["german"] + PEOPLE["french"]
    data = b"\n".join(line.encode("utf-8" if n % 3 else legacy) for n, line in enumerate(lines))
    result = read(data)
    assert result.rows == [tuple(line.split(";")) for line in lines[1:]]
    assert "UTF-8" in result.notes


def test_chinese_and_utf8_lines_mixed(read):
    lines = PEOPLE["chinese"] * 20
    data = b"name;city\n" + b"\n".join(
        line.encode("utf-8" if n % 2 else "gbk") for n, line in enumerate(lines)
    )
    assert read(data).rows == [tuple(line.split(";")) for line in lines]


def test_a_character_cut_in_half_spoils_nothing_else(read):
    good = "Müller;Köln\n" * 50
    data = b"name;city\n" + good.encode() + "Jürg".encode()[:2] + b";K\xc3\xb6ln\n" + good.encode()
    result = read(data)
    assert len(result.rows) == 101
    assert result.rows[50][1] == "Köln"
    assert result.rows[51] == ("Müller", "Köln")


def test_delimiter_bytes_inside_japanese_characters(read):
    # The second byte of 表 is a backslash, that of ポ a vertical line, in Shift-JIS.
    people = ["表参道|ポスト|ソニー", "能登|十勝|予約"]
    result = read("\n".join(["name|city|company", *people]), "cp932")
    assert result.rows == [tuple(line.split("|")) for line in people]


def test_every_byte_arrives(read):
    data = b"id;text\n" + b"".join(b"%d;x%cx\n" % (n, n) for n in range(128, 256))
    result = read(data)
    assert len(result.rows) == 128
    assert all(len(text) == 3 for _, text in result.rows)
    assert len({text for _, text in result.rows}) == 128
