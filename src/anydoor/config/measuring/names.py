"""What synthetic people are called and what they say. Nobody here is real.

Surnames are put together from two halves, so that there are about two thousand of them and no list of
real people is needed. No word holds a tab, a line break or a backslash: they are copied as they are.
"""

from __future__ import annotations

from functools import cache

from anydoor.rules import identifiers


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WOMEN = _words(
    "Aisha Alice Amber Amelia Amina Anna Asha Beth Bianca Blessing Carla Charlotte Chloe Claire Daisy "
    "Dana Ebony Elena Ella Ellie Emily Emma Erin Esther Eva Faith Fatima Fiona Freya Gabriela Georgia "
    "Grace Halima Hannah Harriet Hayley Heidi Holly Imogen Ines Iris Isla Ivy Jade Jasmine Jenna Jess "
    "Joanna Josie Kasia Katie Kayla Keira Kirsty Lara Laura Layla Leah Lena Lily Lottie Lucy Luisa "
    "Maisie Maja Maria Martha Maya Megan Mia Mila Molly Nadia Naomi Natalie Nicole Nina Noor Olivia "
    "Orla Paige Phoebe Poppy Priya Rachel Rebecca Rhian Robyn Rosie Ruby Ruth Sabina Sadie Samira Sara "
    "Shanice Sian Sophie Stella Summer Tamsin Tara Teresa Tess Tia Vera Violet Willow Yasmin Zainab "
    "Zara Zofia Zoe"
)
MEN = _words(
    "Aaron Adam Ahmed Aidan Alex Alfie Ali Amir Andrei Anton Archie Arjun Ben Bilal Brandon Callum "
    "Cameron Charlie Chris Connor Dan David Declan Dylan Ed Elias Ellis Ethan Ewan Farid Felix Finley "
    "Frank Gareth George Hamza Harry Harvey Hassan Henry Hugo Ian Ibrahim Idris Isaac Jack Jacob Jake "
    "Jamal James Jamie Jan Joe Jonah Jordan Josh Kai Karim Kieran Kit Kofi Leo Lewis Liam Logan Louis "
    "Luca Luke Marcin Marcus Mark Mason Matt Max Mihai Mohammed Musa Nathan Noah Oliver Omar Oscar Owen "
    "Patrick Pavel Piotr Rafael Rhys Robbie Rory Ryan Sam Samuel Scott Sean Seb Tariq Theo Toby Tom "
    "Tomasz Tyler Victor Will Yusuf Zac Zain"
)
_FIRST_HALVES = _words(
    "Ash Back Barn Beck Black Bram Brook Buck Burn Carl Chap Clay Cole Copp Cran Crow Dal Dene Dun East "
    "Elm Fair Farn Fen Field Ford Fox Gar Gold Green Hag Hal Hart Haw Hay Hazel Heath Hill Hol Horn "
    "Hurst Kel Lang Law Lin Long Mar Mead Mill Moor New North Nor Oak Oxen Pres Quar Red Rock Ros Rush "
    "Sand Sher Stan Stock Sut Thack Thorn Up Wake Wal West Whit Win Wood Wyn"
)
_SECOND_HALVES = _words(
    "bank bury by combe cott croft dale den don eray field fold ford gate greave grove ham hurst kirk "
    "land leigh ley low man mere more ridge shaw stead stock ton wick wood worth"
)
SURNAMES = tuple(first + second for first in _FIRST_HALVES for second in _SECOND_HALVES)

BABIES = (*WOMEN, *MEN)
LANGUAGES = ("English", "Polish", "Romanian", "Lithuanian", "Portuguese", "Arabic", "Bengali", "Urdu")
SENTENCES = (
    "I feel low most days and I cannot say why.",
    "I cry when nobody is there.",
    "I lie awake even when the baby sleeps.",
    "It does not feel like love yet, and I am ashamed of that.",
    "The birth keeps coming back to me.",
    "We argue about everything since the baby came.",
    "I worry that something will happen to her.",
    "He does not settle with me, only with my mother.",
    "Feeding hurts and I do not know whom to ask.",
    "We are behind with the rent.",
    "I do not know anybody here.",
    "I was told to wait and nobody rang.",
    "My English is not good and letters frighten me.",
    "I would like to talk with somebody who has been there.",
    "I am his dad and nobody has asked me how I am.",
    "I lost a baby last year and I am pregnant again.",
    "A neighbour said you might listen.",
    "Mornings are the worst.",
)
NEEDS = (
    "mood",
    "anxiety",
    "bond",
    "crying_sleep",
    "feeding",
    "isolation",
    "birth_trauma",
    "money",
    "housing",
)


@cache
def keys_of(word: str) -> tuple[str, ...]:
    """The keys a name of this one word is found by."""
    return identifiers.name_keys(word)
