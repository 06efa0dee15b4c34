"""Names for people who do not exist, from the places people in these counties come from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """First names of women and men, and surnames, of one background."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


def _names(women: str, men: str, surnames: str) -> Names:
    return Names(_listed(women), _listed(men), _listed(surnames))


BRITISH = _names(
    "Abbie, Alice, Amber, Becky, Beth, Bryony, Caitlin, Carly, Cerys, Charlotte, Chelsea, Chloe, Courtney, "
    "Daisy, Demi, Donna, Eleanor, Ellie, Emily, Erin, Faye, Frankie, Gemma, Georgia, Grace, Hannah, "
    "Harriet, Heather, Holly, Imogen, Jade, Jasmine, Jemma, Jenna, Jess, Jodie, Kate, Katie, Kayleigh, "
    "Keira, Kelly, Kirsty, Laura, Leah, Lily, Lucy, Lydia, Maisie, Martha, Megan, Mia, Millie, Molly, "
    "Naomi, Natalie, Niamh, Nicola, Olivia, Paige, Phoebe, Rachel, Robyn, Rosa, Ruby, Sadie, Sally-Ann, "
    "Scarlett, Shannon, Sophie, Stacey, Summer, Tamsin, Tia, Tilly, Verity, Zoe",
    "Aaron, Adam, Aidan, Alex, Ashley, Ben, Brandon, Callum, Cameron, Charlie, Connor, Craig, Dale, Dan, "
    "Darren, Dean, Dylan, Ed, Elliot, Ethan, Finn, Gareth, George, Harry, Jack, Jake, Jamie, Joe, Jordan, "
    "Josh, Karl, Kieran, Kyle, Lee, Lewis, Liam, Luke, Mark, Matt, Nathan, Nick, Ollie, Owen, Paul, Pete, "
    "Reece, Rhys, Rob, Ross, Ryan, Sam, Scott, Sean, Stephen, Stuart, Theo, Toby, Tom, Will, Zach",
    "Abel, Adcock, Ainsworth, Alder, Baines, Balls, Barker, Barnes, Bassett, Bennett, Betts, Bishop, "
    "Blackwood, Bloom, Bolton, Brady, Bramley, Broad, Bullen, Burrell, Butcher, Carter, Catton, Chapman, "
    "Clarke, Coe, Cole, Cooper, Cotton, Cross, Curtis, Dack, Daynes, Dewing, Dixon, Drew, Ellis, Everitt, "
    "Farrow, Fenn, Fisher, Fox, Frost, Gant, Gibbs, Goodrum, Gooch, Green, Hales, Hall, Hardy, Harmer, "
    "Hart, Haylock, Hewitt, Hill, Holmes, Howes, Hubbard, Hunt, Ives, Jarvis, Jermy, Kemp, King, Knights, "
    "Lake, Lambert, Larter, Leggett, Lincoln, Lovett, Mace, Mallett, Mann, Marsh, Mason, Middleton, Mills, "
    "Moore, Neave, Newell, Nobbs, Norton, Nunn, Olley, Palmer, Parfitt, Payne, Pegg, Pike, Platten, Pratt, "
    "Quantrill, Ramsey, Reeder, Rix, Roper, Rumsby, Sadd, Scarfe, Self, Shaw, Smith, Soames, Spall, "
    "Starling, Tann, Thaxter, Thirkettle, Tubby, Tuck, Utting, Vince, Wade, Walpole, Ward, Warnes, Webb, "
    "West, Whall, Wild, Winter, Wright, Youngs",
)
CORNISH = _names(
    "Demelza, Elowen, Kerensa, Lamorna, Loveday, Morwenna, Rosenwyn, Tamsin",
    "Cador, Denzil, Jago, Jory, Kitto, Perran, Piran, Trystan",
    "Angove, Bolitho, Chenoweth, Curnow, Hosking, Jelbert, Kneebone, Nancarrow, Pascoe, Pender, Penrose, "
    "Rosevear, Tregenza, Trelawny, Trethewey, Trevorrow, Uren, Vingoe",
)
BACKGROUNDS: dict[str, Names] = {
    "Polish": _names(
        "Agnieszka, Aleksandra, Kasia, Małgorzata, Magda, Paulina, Zofia",
        "Łukasz, Marek, Michał, Paweł, Tomasz, Wojciech",
        "Dąbrowska, Kowalczyk, Lewandowska, Nowak, Szymańska, Wójcik, Zielińska",
    ),
    "Lithuanian": _names(
        "Aušra, Eglė, Ieva, Jūratė, Rūta",
        "Darius, Jonas, Mindaugas, Tadas",
        "Balčiūnaitė, Kazlauskas, Petrauskienė",
    ),
    "Romanian": _names(
        "Alina, Andreea, Ioana, Mădălina, Ștefania",
        "Andrei, Bogdan, Florin, Ionuț",
        "Ionescu, Munteanu, Popa, Țurcanu",
    ),
    "Portuguese": _names(
        "Ana Sofia, Beatriz, Conceição, Inês, Renata",
        "Diogo, João, Nuno, Rui",
        "Carvalho, Gonçalves, Oliveira, da Silva",
    ),
    "Somali": _names(
        "Amina, Fadumo, Hodan, Ifrah, Sagal",
        "Abdi, Bashir, Farah, Liban",
        "Abdullahi, Hassan, Warsame, Yusuf",
    ),
    "Arabic": _names(
        "Amal, Hiba, Maryam, Rana, Salma", "Fadi, Khaled, Omar, Yousef", "al-Hamdan, Darwish, Haddad, Mansour"
    ),
    "Ukrainian": _names(
        "Daryna, Iryna, Oksana, Solomiia", "Andrii, Dmytro, Oleh, Taras", "Bondar, Kovalenko, Shevchuk"
    ),
    "Bengali": _names(
        "Farzana, Nadia, Rumana, Shirin", "Imran, Kamal, Rafiq, Tanvir", "Ahmed, Begum, Chowdhury, Rahman"
    ),
    "Dari": _names("Fereshta, Laleh, Zahra", "Ahmad, Jawid, Najib", "Ahmadi, Karimi, Noori"),
    "Tigrinya": _names("Helen, Luwam, Selam", "Dawit, Filmon, Yonas", "Berhane, Gebremedhin, Tesfay"),
    "Urdu": _names(
        "Aisha, Hina, Saima, Zainab", "Adnan, Bilal, Hamza, Usman", "Akhtar, Hussain, Khan, Malik"
    ),
    "Punjabi": _names(
        "Harpreet, Jasleen, Kiran, Manpreet", "Amrit, Gurdeep, Jasvir, Navjot", "Dhillon, Gill, Kaur, Sandhu"
    ),
    "Yoruba": _names(
        "Adesola, Bukola, Folake, Temitope",
        "Babajide, Femi, Kunle, Tunde",
        "Adebayo, Ogunleye, Okafor, Olawale",
    ),
    "Chinese": _names("Jia Yi, Mei Ling, Xiaoyan", "Chi Wai, Haoran, Wei", "Chan, Li, Wong, Zhang"),
    "Irish": _names(
        "Aoife, Caoimhe, Niamh, Siobhán, Róisín",
        "Ciarán, Conor, Eoghan, Pádraig",
        "Byrne, O'Brien, O'Shea, Ó Súilleabháin",
    ),
    "Welsh": _names(
        "Angharad, Carys, Nia, Siân", "Dafydd, Huw, Iestyn, Siôn", "ap Rhys, Bowen, Llewellyn, Prosser"
    ),
    "French": _names(
        "Chloé, Hélène, Zoë, Solène", "Jérôme, Noël, René", "D'Arcy, Lefèvre, N'Dour, de la Haye"
    ),
}

BABIES = _listed(
    "Ada, Albie, Alfie, Amelia, Archie, Arlo, Aria, Asher, Ava, Beau, Bonnie, Caleb, Cora, Dexter, Edie, "
    "Elsie, Ellis, Esme, Ezra, Finley, Flora, Florence, Freddie, Freya, George, Gracie, Harley, Hattie, "
    "Henry, Hugo, Iris, Isla, Ivy, Jaxon, Jude, Kit, Leo, Lottie, Luna, Lyra, Mabel, Maeve, Max, Mila, "
    "Milo, Nellie, Noah, Nora, Olive, Orla, Oscar, Otis, Otto, Pippa, Poppy, Rafferty, Reggie, Remi, Ren, "
    "Robin, Roman, Ronnie, Rory, Rowan, Rupert, Sienna, Stanley, Sunny, Teddy, Thea, Tommy, Violet, Wilf, "
    "Willow, Wren, Zara, Zac"
)

# As some people write their name: one word, one letter, very long, in capitals, with a title in it.
AS_WRITTEN = (
    "Sukhi",
    "Bex",
    "J",
    "mrs kelly-anne hart",
    "ZOE",
    "Anastasia Wilhelmina Konstantinopoulou-Featherstonehaugh Barrington",
    "Mary Lou O'Hara-Smith",
    "D’Angelo",
    "Nguyễn Thị Hoa",
    "Ümit",
    "Þóra",
    "Siân ap Rhys-Jones",
)

STAFF_WOMEN = _listed(
    "Alison, Amara, Angela, Bernie, Bridget, Carole, Cath, Chandni, Clare, Debbie, Elaine, Esther, Farah, "
    "Fran, Gail, Gwen, Heidi, Ingrid, Isabel, Jackie, Janet, Julie, Karen, Kath, Leila, Linda, Lorraine, "
    "Lynne, Maggie, Marie, Maureen, Meera, Monica, Nasreen, Nuala, Pam, Patience, Pauline, Petra, "
    "Philippa, Rita, Rosalind, Rowena, Sandra, Sarita, Sheila, Sonia, Susanna, Teresa, Tracey, Uzma, Val, "
    "Vicky, Wendy, Yvonne"
)
STAFF_MEN = _listed(
    "Alan, Ashok, Barnaby, Chris, Clive, Colm, David, Derek, Emeka, Faisal, Graham, Hassan, Ian, Jon, "
    "Keith, Kwame, Martin, Miles, Neil, Nigel, Piotr, Raj, Richard, Roger, Simon, Steve, Terry, Tim, "
    "Vikram, Winston"
)
STAFF_SURNAMES = _listed(
    "Abbott, Achebe, Ashby, Atkins, Bainbridge, Banerjee, Barlow, Beck, Blythe, Booth, Bradshaw, Briggs, "
    "Burgess, Byron, Calder, Carver, Chaudhry, Colley, Cope, Croft, Dalby, Darby, Dhanjal, Drury, "
    "Eastwood, Edgar, Fairhurst, Farooqi, Field, Forbes, Garner, Gilbert, Goddard, Grayson, Hadley, "
    "Hargreaves, Heath, Hobbs, Horton, Hurst, Ibrahim, Ingham, Jessop, Joshi, Keane, Kendall, Kirk, "
    "Langley, Laverick, Lennox, Lomax, Maddox, Mansell, McBride, Mistry, Moffat, Mwangi, Naylor, "
    "Nettleton, Nolan, Oakes, Odell, Osei, Ormond, Partridge, Patel, Peel, Pickering, Poole, Prior, "
    "Quigley, Radcliffe, Ransome, Redfern, Rigby, Rowntree, Sadler, Sefton, Sharma, Shepherd, Sinclair, "
    "Slater, Stokes, Sutcliffe, Talbot, Thorne, Tolland, Turnbull, Tyrell, Underwood, Varley, Wainwright, "
    "Waller, Weston, Whitaker, Wilkes, Yardley, Zaman"
)
