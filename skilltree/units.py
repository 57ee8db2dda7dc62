"""Units of measure by their usual spellings, so that "12 cm" and "12 centimeters" are one answer."""

_SPELLINGS = """
mm millimeter millimeters millimetre millimetres | cm centimeter centimeters centimetre centimetres
m meter meters metre metres | km kilometer kilometers kilometre kilometres
in inch inches | ft foot feet | yd yard yards | mi mile miles
mg milligram milligrams | g gram grams | kg kilogram kilograms | oz ounce ounces | lb lbs pound pounds | ton tons
ml milliliter milliliters millilitre millilitres | l liter liters litre litres
cup cups | pt pint pints | qt quart quarts | gal gallon gallons
s sec second seconds | min minute minutes | h hr hrs hour hours | day days | week weeks | month months | year years
dollar dollars | cent cents ¢ | degree degrees ° deg | percent
mph
"""
_CANONICAL = {
    word: group.split()[0]
    for group in _SPELLINGS.replace("\n", "|").split("|")
    if group.split()
    for word in group.split()
}
_POWER = {"²": "^2", "³": "^3", "2": "^2", "3": "^3"}


def measure(unit: str) -> str | None:
    """A canonical spelling of a known unit ("cm", "cm^2", "km/h"), None for anything else such as "apples"."""
    words = unit.lower().replace(".", "").replace("^", "").replace(" per ", "/").split()
    power = ""
    if words and words[0] in ("square", "sq", "cubic", "cu"):
        power = "^2" if words[0].startswith("sq") else "^3"
        words = words[1:]
    elif words and words[-1] in ("squared", "cubed"):
        power = "^2" if words[-1] == "squared" else "^3"
        words = words[:-1]
    word = " ".join(words)
    if word not in _CANONICAL and word[-1:] in _POWER and not power:
        word, power = word[:-1], _POWER[word[-1]]
    if "/" in word:
        top, _, bottom = word.partition("/")
        left, right = measure(top), measure(bottom)
        return f"{left}/{right}" if left and right else None
    if word in ("units", "unit") and power:
        return f"unit{power}"
    return _CANONICAL[word] + power if word in _CANONICAL else None


def unit_fault(given: str, asked: str) -> str | None:
    """What is wrong with a given unit when another is asked; None when nothing is."""
    unit = measure(given) if given else None
    wanted = measure(asked) if asked else None
    if unit is None or unit == wanted or not asked or (unit == "percent" and wanted is None):
        return None
    return f"the unit is {given}, the question asks for {asked}"
