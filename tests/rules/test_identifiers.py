"""Readers of identifiers: tables of what people really type, and properties over what they might."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anydoor.rules import identifiers
from anydoor.rules.errors import BadInput
from anydoor.rules.identifiers import Contact, Phone

ANYTHING = st.text(max_size=60)


# --- NHS number


@pytest.mark.parametrize(
    "typed",
    [
        "9434765919",
        "943 476 5919",
        " 943-476-5919 ",
        "943\u00a0476\u20115919",
        "９４３４７６５９１９",
        "٩٤٣٤٧٦٥٩١٩",
    ],
)
def test_an_nhs_number_is_read_however_it_is_spaced(typed: str) -> None:
    assert identifiers.nhs_number(typed) == "9434765919"
    assert identifiers.is_nhs_number(typed)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "only digits"),
        ("unknown", "only digits"),
        ("943476591X", "only digits"),
        ("943476591", "has 9"),
        ("94347659190", "has 11"),
        ("9434765918", "last digit"),
        ("0000000000", "last digit"),
        ("4444444444", "last digit"),
        ("9434\x00765919", "only digits"),
        ("=1+1", "only digits"),
        ("²²²²²²²²²²", "only digits"),
    ],
)
def test_a_wrong_nhs_number_is_refused_in_words(typed: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        identifiers.nhs_number(typed)
    assert not identifiers.is_nhs_number(typed)


@given(st.integers(0, 10**9 - 1))
def test_exactly_one_tenth_digit_fits_or_none(first: int) -> None:
    nine = f"{first:09d}"
    fitting = [last for last in "0123456789" if identifiers.is_nhs_number(nine + last)]
    check = identifiers.nhs_check_digit(nine)
    if check is None or set(nine) == {str(check)}:
        assert fitting == []
    else:
        assert fitting == [str(check)]


@given(st.integers(0, 9_999_998), st.integers(0, 9), st.integers(0, 9))
def test_one_wrong_digit_is_always_noticed(tail: int, place: int, wrong: int) -> None:
    nine = f"99{tail:07d}"
    check = identifiers.nhs_check_digit(nine)
    if check is not None:
        number = f"{nine}{check}"
        slip = number[:place] + str(wrong) + number[place + 1 :]
        assert identifiers.is_nhs_number(slip) == (slip == number)


# --- telephone


@pytest.mark.parametrize(
    ("typed", "normalised", "kind"),
    [
        ("07700 900123", "+447700900123", "mobile"),
        ("07700900123", "+447700900123", "mobile"),
        ("+44 7700 900123", "+447700900123", "mobile"),
        ("+44 (0)7700 900-123", "+447700900123", "mobile"),
        ("0044 7700 900 123", "+447700900123", "mobile"),
        ("00 44 (0) 7700.900.123", "+447700900123", "mobile"),
        ("447700900123", "+447700900123", "mobile"),
        ("7700900123", "+447700900123", "mobile"),
        ("٠٧٧٠٠٩٠٠١٢٣", "+447700900123", "mobile"),
        ("\u202a+44 7700 900123\u202c", "+447700900123", "mobile"),
        ("07624 900123", "+447624900123", "mobile"),
        ("01632 960001", "+441632960001", "landline"),
        ("(01632) 960 001", "+441632960001", "landline"),
        ("1632960001", "+441632960001", "landline"),
        ("020 7946 0123", "+442079460123", "landline"),
        ("0300 123 4567", "+443001234567", "landline"),
        ("0800 123456", "+44800123456", "landline"),
        ("016977 2345", "+44169772345", "landline"),
        ("070 1234 5678", "+447012345678", "landline"),
        ("076 1234 5678", "+447612345678", "landline"),
        ("+48 600 000 000", "+48600000000", "foreign"),
        ("0037060000000", "+37060000000", "foreign"),
        ("+1 (202) 555-0123", "+12025550123", "foreign"),
        ("+123456789012345", "+123456789012345", "foreign"),
        ("+6831234", "+6831234", "foreign"),
    ],
)
def test_a_telephone_number_is_read_in_any_common_form(typed: str, normalised: str, kind: str) -> None:
    assert identifiers.phone(typed) == Phone(normalised, kind)  # type: ignore[arg-type]  # a table of plain words


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Enter one phone number"),
        ("ring my sister", "Enter one phone number"),
        ("07700 9001two3", "Enter one phone number"),
        ("07700 900123 ext 4", "Enter one phone number"),
        ("07700 900123 or 01632 960001", "Enter one phone number"),
        ("+44+7700900123", "Enter one phone number"),
        ("07700\x00900123", "Enter one phone number"),
        ("07700 90012", "has 10"),
        ("0999", "costs the caller"),
        ("0906 123 4567", "costs the caller"),
        ("07700 9001234", "too long"),
        ("04632 960001", "not a UK phone number"),
        ("999", "Start the phone number"),
        ("600000000", "Start the phone number"),
        ("+123", "from abroad"),
        ("+0123456789", "from abroad"),
        ("+1234567890123456", "from abroad"),
    ],
)
def test_a_wrong_telephone_number_is_refused_in_words(typed: str, says: str) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        identifiers.phone(typed)
    assert refused.value.status == 422


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("+447700900123", "07700 900123"),
        ("+441632960001", "01632 960001"),
        ("+442079460123", "020 7946 0123"),
        ("+441134960001", "0113 496 0001"),
        ("+441614960001", "0161 496 0001"),
        ("+443001234567", "0300 123 4567"),
        ("+48600000000", "+48600000000"),
    ],
)
def test_a_number_is_shown_in_the_groups_people_read(typed: str, shown: str) -> None:
    assert identifiers.phone(typed).shown == shown


@given(st.sampled_from("71234583"), st.integers(0, 10**9 - 1))
def test_every_way_of_writing_a_uk_number_is_the_same_number(first: str, rest: int) -> None:
    national = f"{first}{rest:09d}"
    try:
        read = identifiers.phone("0" + national)
    except BadInput:
        return
    for prefix in ("+44", "0044", "+44 (0)", "00 44 0"):
        assert identifiers.phone(prefix + national) == read
    assert identifiers.phone(read.normalised) == read
    assert identifiers.phone(read.shown) == read


@given(ANYTHING | st.text("+0123456789 ()-", max_size=20))
def test_a_telephone_number_is_read_or_refused_and_nothing_else(typed: str) -> None:
    try:
        read = identifiers.phone(typed)
    except BadInput:
        return
    assert read.normalised[0] == "+"
    assert read.normalised[1:].isascii()
    assert 7 <= len(read.normalised[1:]) <= 15
    assert identifiers.phone(read.normalised) == read


# --- e-mail


@pytest.mark.parametrize(
    ("typed", "normalised"),
    [
        ("Sam@Home.Example", "sam@home.example"),
        ("  sam.o'brien+baby@home-start.example \n", "sam.o'brien+baby@home-start.example"),
        ("zoë@café.example", "zoë@café.example"),
        ("名前@例え.example", "名前@例え.example"),
        ("a@b.co", "a@b.co"),
    ],
)
def test_an_email_address_is_read(typed: str, normalised: str) -> None:
    assert identifiers.email(typed) == normalised
    assert identifiers.email(normalised) == normalised


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "sam",
        "sam@",
        "@home.example",
        "sam@home",
        "sam@@home.example",
        "sam home@home.example",
        "sam@home..example",
        "sam..o@home.example",
        ".sam@home.example",
        "sam.@home.example",
        "sam@-home.example",
        "sam@home-.example",
        "sam@home.123",
        "sam@home.example, kim@home.example",
        "Sam <sam@home.example>",
        "sam@home.example\nBcc: all@home.example",
        "sam\x00@home.example",
        "sam\u202e@home.example",
        "a" * 65 + "@home.example",
        "sam@" + "a" * 64 + ".example",
        "sam@" + "a.b" * 90 + ".example",
    ],
)
def test_a_wrong_email_address_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="email address"):
        identifiers.email(typed)


@pytest.mark.parametrize("reader", ["nhs_number", "phone", "email", "postcode", "outward", "contact"])
@pytest.mark.parametrize(
    "flood", ["a" * 1_000_000, "a@" + "a" * 1_000_000, "a@" + "a." * 500_000, " " * 1_000_000]
)
def test_a_flood_of_text_is_refused_at_once(reader: str, flood: str) -> None:
    with pytest.raises(BadInput):
        getattr(identifiers, reader)(flood)


# --- postcode


@pytest.mark.parametrize(
    ("typed", "full", "first"),
    [
        ("NR1 3DD", "NR1 3DD", "NR1"),
        ("nr13dd", "NR1 3DD", "NR1"),
        (" nr 1  3 d d ", "NR1 3DD", "NR1"),
        ("nr1 3dd.", "NR1 3DD", "NR1"),
        ("ＮＲ１ ３ＤＤ", "NR1 3DD", "NR1"),
        ("pe30 1ab", "PE30 1AB", "PE30"),
        ("ec1a1bb", "EC1A 1BB", "EC1A"),
        ("m11ae", "M1 1AE", "M1"),
        ("gir0aa", "GIR 0AA", "GIR"),
        ("zz993vz", "ZZ99 3VZ", "ZZ99"),
    ],
)
def test_a_postcode_is_read(typed: str, full: str, first: str) -> None:
    assert identifiers.postcode(typed) == full
    assert identifiers.postcode(full) == full
    assert identifiers.outward(typed) == first


@pytest.mark.parametrize(
    "typed", ["", "NR1", "NR1 3D", "NR1 3DDD", "1NR 3DD", "NRI 3DD", "90210", "GIR 1AA", "no", "٣"]
)
def test_a_wrong_postcode_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="NR1 3DD"):
        identifiers.postcode(typed)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("nr1", "NR1"),
        (" Pe 30 ", "PE30"),
        ("ec1a", "EC1A"),
        ("nr1 3", "NR1"),
        ("nr1 3d", "NR1"),
    ],
)
def test_the_first_half_of_a_postcode_is_enough_for_an_area(typed: str, first: str) -> None:
    assert identifiers.outward(typed) == first
    with pytest.raises(BadInput, match="NR1 3DD"):
        identifiers.postcode(typed)


@pytest.mark.parametrize("typed", ["", "Norwich", "N", "NR", "NR1 3DDD", "3DD"])
def test_less_than_the_first_half_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="first half"):
        identifiers.outward(typed)


def test_a_pseudo_postcode_says_no_place() -> None:
    assert identifiers.says_no_place(identifiers.postcode("zz99 3vz"))
    assert not identifiers.says_no_place("NR1 3DD")


# --- one way to reach you


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("07700 900123", Contact("mobile", "+447700900123")),
        (" 01632 960001 ", Contact("landline", "+441632960001")),
        ("+48 600 000 000", Contact("foreign", "+48600000000")),
        ("Sam@home.example", Contact("email", "sam@home.example")),
    ],
)
def test_one_way_to_reach_you_takes_a_number_or_an_address(typed: str, read: Contact) -> None:
    assert identifiers.contact(typed) == read


@pytest.mark.parametrize("typed", ["", "  ", "facebook", "ask my mother", "sam@", "07700", "🌸"])
def test_one_way_to_reach_you_refuses_what_reaches_nobody(typed: str) -> None:
    with pytest.raises(BadInput):
        identifiers.contact(typed)


# --- names


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("O'Brien", ("o", "brien", "obrien")),
        ("O’Brien", ("o", "brien", "obrien")),
        ("Łucja Kowalska-Nowak", ("lucja", "kowalska", "nowak", "kowalskanowak")),
        ("Kowalska - Nowak", ("kowalska", "nowak")),
        ("Anne Marie", ("anne", "marie")),
        ("Søren Ærø", ("soren", "aero")),
        ("Weiß", ("weiss",)),
        ("Işıl İpek", ("isil", "ipek")),
        ("José Ñandú", ("jose", "nandu")),
        ("Žemaitytė", ("zemaityte",)),
        ("Ștefănescu", ("stefanescu",)),
        ("D'Souza-O'Neil", ("d", "souza", "o", "neil", "dsouzaoneil")),
        ("Q", ("q",)),
        ("J.R. Smith", ("j", "r", "smith")),
        ("Smith (Jones)", ("smith", "jones")),
        ("Ng", ("ng",)),
        ("Ἀθηνᾶ", ("αθηνα",)),
        ("Сергей", ("сергей",)),
        ("محمّد", ("محمد",)),
        ("हिन्दी", ("हिन्दी",)),
        ("김민지", ("김민지",)),
        ("王小明", ("王小明",)),
        ("Anna Anna", ("anna",)),
        ("🌸", ("🌸",)),
        ("--", ("-",)),
        ("", ()),
        ("   ", ()),
        ("a" * 60, ("a" * 60,)),
    ],
)
def test_a_name_is_found_by_its_words(name: str, keys: tuple[str, ...]) -> None:
    assert identifiers.name_keys(name) == keys


@given(ANYTHING)
def test_name_keys_never_fail_and_hold_no_space(name: str) -> None:
    keys = identifiers.name_keys(name)
    assert len(keys) == len(set(keys))
    assert all(key and not any(mark.isspace() for mark in key) for key in keys)
    assert identifiers.name_keys(name.upper().lower()) == identifiers.name_keys(name.lower().upper().lower())


@given(st.text("abcłøßıéüABCŁØÉÜ'- ", min_size=1, max_size=30))
def test_latin_names_are_found_by_plain_letters(name: str) -> None:
    assert all(key.isascii() for key in identifiers.name_keys(name))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Nowak", "Nowak Anna"),
        ("Anna Nowak", "ANNA  NOWAK"),
        ("Łucja Nowak", "Lucja Nowak"),
        ("Anne-Marie Hill", "Anne Marie Hill"),
        ("Anne-Marie Hill", "Annemarie Hill"),
        ("Sean O'Brien", "Sean OBrien"),
        ("Anna Maria Nowak", "Anna Nowak"),
        ("J Smith", "Jane Smith"),
        ("Cathrine Smith", "Catherine Smith"),
        ("Smiht Jane", "Jane Smith"),
        ("Jonson", "Johnson"),
        ("Anna Kowalska-Nowak", "Anna Kowalska"),
        ("Q", "q"),
        ("王小明", "王小明"),
    ],
)
def test_names_that_could_be_one_persons(one: str, other: str) -> None:
    assert identifiers.loosely_same_name(one, other)
    assert identifiers.loosely_same_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Nowak", "Anna"),
        ("Anna Nowak", "Maria Nowak"),
        ("Anna Nowak", "Anna Nowicki"),
        ("Tom Hill", "Tim Hill"),
        ("J S", "Jane Smith"),
        ("J", "Jane"),
        ("", ""),
        ("", "Anna"),
        ("Anna Hill", "Anna Bell"),
    ],
)
def test_names_that_are_not_alike_enough(one: str, other: str) -> None:
    assert not identifiers.loosely_same_name(one, other)
    assert not identifiers.loosely_same_name(other, one)


NAMES = st.lists(
    st.sampled_from(["anna", "Anne", "Annie", "nowak", "Nowack", "o'brien", "J", "Łucja", "Lucia"]),
    max_size=4,
)


@given(NAMES, NAMES)
def test_likeness_of_names_is_symmetric_and_a_name_is_like_itself(one: list[str], other: list[str]) -> None:
    ours, theirs = " ".join(one), " ".join(other)
    assert identifiers.loosely_same_name(ours, theirs) == identifiers.loosely_same_name(theirs, ours)
    assert identifiers.loosely_same_name(ours, ours) == bool(one)


# --- words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
        ("  spaces\tkept  ", "  spaces\tkept  "),
        ("👩🏽‍🍼 שלום \u202eabc\u202c", "👩🏽‍🍼 שלום \u202eabc\u202c"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; drop table people;--", "'; drop table people;--"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("caf\u0065\u0301 \x85", "caf\u0065\u0301 \x85"),
        ("", ""),
    ],
)
def test_words_are_kept_as_they_are(typed: str, kept: str) -> None:
    assert identifiers.free_text(typed) == kept


@pytest.mark.parametrize("bad", ["\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1b", "\x1f", "\x7f", "\ud800"])
def test_what_no_database_keeps_is_refused_with_its_line(bad: str) -> None:
    with pytest.raises(BadInput, match="Line 2 "):
        identifiers.free_text(f"first\r\nsec{bad}ond")


def test_words_are_counted_in_characters_and_the_limit_is_said() -> None:
    assert identifiers.free_text("é🌸" * 10_000)
    with pytest.raises(BadInput, match=r"20,001 characters.*20,000"):
        identifiers.free_text("x" * 20_001)
    with pytest.raises(BadInput, match=r"10,000,000 characters"):
        identifiers.free_text("x" * 10_000_000)
    assert identifiers.free_text("\r\n" * 5, limit=5) == "\n" * 5


@given(st.text())
def test_words_are_kept_or_refused_never_changed(typed: str) -> None:
    try:
        kept = identifiers.free_text(typed)
    except BadInput:
        return
    assert kept == typed.replace("\r\n", "\n").replace("\r", "\n")
    assert kept.encode().decode() == kept


@pytest.mark.parametrize("typed", ["a\nb", "a\rb", "a\tb"])
def test_a_line_has_no_line_breaks(typed: str) -> None:
    with pytest.raises(BadInput, match="one line"):
        identifiers.one_line(typed)


def test_a_line_is_kept_exactly_as_typed() -> None:
    assert identifiers.one_line(" d'Łęcka  ") == " d'Łęcka  "
    with pytest.raises(BadInput, match="201 characters"):
        identifiers.one_line("x" * 201)
