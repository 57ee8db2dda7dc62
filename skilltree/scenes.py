"""What word problems talk about: people and things for each interest."""

import random
from dataclasses import dataclass

from classwright.skilltree.interests import read_interest, subtopics

NAMES = ("Ava", "Ben", "Chen", "Dina", "Eli", "Fatima", "Gabe", "Hana", "Ivan", "Jada", "Kofi", "Lena", "Mateo", "Nora",
         "Omar", "Priya", "Quinn", "Rosa", "Sam", "Tara", "Umar", "Vera", "Will", "Yuki", "Zoe")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """The vocabulary of one word problem.

    Attributes:
        interest: The interest the scene is drawn from.
        person, friend: Two different first names.
        place: Where it happens, with its article: "the football club".
        thing, things: Something counted, singular and plural.
        group, groups: What holds the things, singular and plural: "pack", "packs".
        stuff: Something measured by amount: "water".
        stuff_unit: Plural unit of the stuff: "liters".
        track: Something with a length, with its article: "the running path".
        track_unit: Plural unit of the track: "meters".
        buy, buys: Something with a price, singular and plural.
    """

    interest: str
    person: str
    friend: str
    place: str
    thing: str
    things: str
    group: str
    groups: str
    stuff: str
    stuff_unit: str
    track: str
    track_unit: str
    buy: str
    buys: str

    def count(self, n: int) -> str:
        """ "1 sticker", "3 stickers"."""
        return f"{n} {self.thing if n == 1 else self.things}"

    def count_groups(self, n: int) -> str:
        """ "1 pack", "3 packs"."""
        return f"{n} {self.group if n == 1 else self.groups}"

    def count_buys(self, n: int) -> str:
        """ "1 ticket", "3 tickets"."""
        return f"{n} {self.buy if n == 1 else self.buys}"


# interest: place | thing,things | group,groups | stuff,unit | track,unit | buy,buys
_SCENES = {
    "school": (
        "the classroom | pencil,pencils;sticker,stickers;marble,marbles | box,boxes;bag,bags"
        " | water,liters | the school path,meters | notebook,notebooks;eraser,erasers"
    ),
    "football": (
        "the football club | goal card,goal cards;football,footballs;jersey,jerseys | bag,bags;crate,crates"
        " | sports drink,liters | the running track,meters | ticket,tickets;scarf,scarves"
    ),
    "basketball": (
        "the basketball gym | basketball,basketballs;player card,player cards;towel,towels | rack,racks;bag,bags"
        " | water,liters | the training run,kilometers | ticket,tickets;headband,headbands"
    ),
    "baking": (
        "the bakery | muffin,muffins;cookie,cookies;bread roll,bread rolls | tray,trays;box,boxes"
        " | flour,cups | the roll of baking paper,meters | cupcake,cupcakes;cake pan,cake pans"
    ),
    "cooking": (
        "the kitchen | dumpling,dumplings;pancake,pancakes;carrot,carrots | bowl,bowls;plate,plates"
        " | soup,liters | the noodle,centimeters | spoon,spoons;apron,aprons"
    ),
    "swimming": (
        "the swimming pool | swim cap,swim caps;diving ring,diving rings;float,floats | basket,baskets;locker,lockers"
        " | juice,liters | the practice swim,meters | pool pass,pool passes;pair of goggles,pairs of goggles"
    ),
    "music": (
        "the music room | drumstick,drumsticks;song sheet,song sheets;guitar pick,guitar picks | folder,folders;case,cases"
        " | paint for the stage,liters | the cable,meters | concert ticket,concert tickets;set of strings,sets of strings"
    ),
    "dance": (
        "the dance studio | ribbon,ribbons;costume,costumes;dance shoe,dance shoes | box,boxes;rack,racks"
        " | lemonade,liters | the stage edge,meters | show ticket,show tickets;pair of tights,pairs of tights"
    ),
    "space": (
        "the space museum | moon rock,moon rocks;model rocket,model rockets;star map,star maps | crate,crates;case,cases"
        " | rocket fuel,liters | the rover's route,kilometers | poster,posters;museum ticket,museum tickets"
    ),
    "dogs": (
        "the dog shelter | dog treat,dog treats;tennis ball,tennis balls;leash,leashes | bag,bags;basket,baskets"
        " | dog food,kilograms | the dog walk,kilometers | collar,collars;chew toy,chew toys"
    ),
    "horses": (
        "the riding stable | horseshoe,horseshoes;apple,apples;brush,brushes | bucket,buckets;stall,stalls"
        " | hay,kilograms | the riding trail,kilometers | riding lesson,riding lessons;saddle pad,saddle pads"
    ),
    "animals": (
        "the zoo | banana,bananas;fish,fish;feather,feathers | bucket,buckets;crate,crates"
        " | animal feed,kilograms | the zoo path,meters | zoo ticket,zoo tickets;toy animal,toy animals"
    ),
    "dinosaurs": (
        "the dinosaur museum | fossil,fossils;model dinosaur,model dinosaurs;bone,bones | drawer,drawers;crate,crates"
        " | plaster,kilograms | the dig trench,meters | museum ticket,museum tickets;fossil kit,fossil kits"
    ),
    "painting": (
        "the art room | brush,brushes;crayon,crayons;canvas,canvases | jar,jars;box,boxes"
        " | paint,liters | the paper roll,meters | sketch pad,sketch pads;frame,frames"
    ),
    "gardening": (
        "the garden | seed,seeds;tomato plant,tomato plants;flower pot,flower pots | row,rows;packet,packets"
        " | water,liters | the garden fence,meters | shovel,shovels;rose bush,rose bushes"
    ),
    "fishing": (
        "the lake | hook,hooks;lure,lures;worm,worms | box,boxes;bucket,buckets"
        " | bait,kilograms | the fishing line,meters | fishing net,fishing nets;float,floats"
    ),
    "robots": (
        "the robotics club | gear,gears;battery,batteries;sensor,sensors | kit,kits;drawer,drawers"
        " | machine oil,liters | the robot's course,meters | motor,motors;wheel set,wheel sets"
    ),
    "video games": (
        "the game night | coin,coins;token,tokens;game card,game cards | pack,packs;chest,chests"
        " | juice,liters | the race course,kilometers | game,games;controller,controllers"
    ),
    "chess": (
        "the chess club | chess piece,chess pieces;score sheet,score sheets;pawn,pawns | set,sets;box,boxes"
        " | tea,liters | the tournament table,meters | chess book,chess books;chess clock,chess clocks"
    ),
    "reading": (
        "the library | book,books;bookmark,bookmarks;comic,comics | shelf,shelves;box,boxes"
        " | glue,liters | the shelf,meters | paperback,paperbacks;reading lamp,reading lamps"
    ),
    "trains": (
        "the train station | wagon,wagons;model train,model trains;signal flag,signal flags | track,tracks;box,boxes"
        " | diesel,liters | the railway line,kilometers | train ticket,train tickets;timetable,timetables"
    ),
    "cycling": (
        "the bike shop | bike light,bike lights;bell,bells;inner tube,inner tubes | rack,racks;box,boxes"
        " | chain oil,liters | the bike ride,kilometers | helmet,helmets;bike lock,bike locks"
    ),
}
SCHOOL = "school"
INTERESTS = tuple(sorted(set(_SCENES) - {SCHOOL}))
"""The interests with a vocabulary of their own; any other word works too, with the school's."""

_SAME = {"soccer": "football", "bikes": "cycling", "biking": "cycling", "books": "reading", "gaming": "video games",
         "video game": "video games", "art": "painting", "drawing": "painting", "astronomy": "space", "rockets": "space",
         "pets": "animals", "cats": "animals", "plants": "gardening", "puppies": "dogs", "dog": "dogs", "ballet": "dance",
         "dancing": "dance", "singing": "music", "guitar": "music", "coding": "robots", "cakes": "baking"}  # fmt: skip


def scene_words(interest: str, things_only: bool = False) -> frozenset[str]:
    """What an interest's scenes speak of, singular and without articles; empty where it has none.

    Args:
        interest: Any words.
        things_only: Only what is counted, bought or measured, not places and what holds the things.
    """
    found = set()
    for name in subtopics(read_interest(interest)) or (interest.strip().lower(),):
        place, things, groups, stuff, track, buys = (_SCENES.get(name) or " |  |  |  |  | ").split("|")
        pairs = [things, buys] if things_only else [things, groups, buys]
        found |= {pair.split(",")[0].strip() for part in pairs for pair in part.split(";")}
        others = [stuff, track] if things_only else [place, stuff, track]
        found |= {text.split(",")[0].strip().removeprefix("the ") for text in others}
    return frozenset(found - {""})


def draw_scene(interest: str | None, seed: str) -> Scene:
    """A scene for an interest (None: school life), the same for the same seed.

    A topic ("sports") draws one of its subtopics, a named reference ("Minecraft") has the scenes of its subtopic. An
    interest without a vocabulary keeps its own word in the place and the things: "the pottery club", "pottery cards".
    """
    rng = random.Random(seed)
    word = (interest or SCHOOL).strip().lower()
    person, friend = rng.sample(NAMES, 2)
    known = _SCENES.get(_SAME.get(word, word))
    if known is None and (wider := subtopics(read_interest(interest or SCHOOL))):
        known = _SCENES[random.Random(f"{seed}/topic").choice(wider)]
    if known is None and any(c.isdigit() for c in word):
        known = _SCENES[SCHOOL]  # a digit of a name would stand among the numbers of the problem
    if known is None:
        word = word.removeprefix("the ")
        known = (
            f"the {word} club | {word} card,{word} cards | pack,packs;box,boxes"
            " | juice,liters | the way home,meters | badge,badges"
        )
    place, things, groups, stuff, track, buys = (rng.choice(part.strip().split(";")) for part in known.split(" | "))
    thing, thing_s = things.split(",")
    group, group_s = groups.split(",")
    buy, buy_s = buys.split(",")
    amount, amount_unit = stuff.split(",")
    length, length_unit = track.split(",")
    return Scene(
        word,
        person,
        friend,
        place,
        thing,
        thing_s,
        group,
        group_s,
        amount,
        amount_unit,
        length,
        length_unit,
        buy,
        buy_s,
    )
