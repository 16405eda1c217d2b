"""The function words of English, which say nothing about where a text comes from.

Two outlets that edit the same agency sentence change these first ("that", "the", "has"), so a
comparison without them survives the edit. The parts of contractions are listed as the tokeniser
leaves them ("don", "t"). Our own list, from the closed word classes of English grammar.
"""

from __future__ import annotations

_FUNCTION_WORDS = (
    # articles, demonstratives, quantifiers
    """a an the this that these those some any each every either neither both all no another other
    such more most less least much many few several own same"""
    # pronouns
    """ i me my mine myself you your yours yourself yourselves he him his himself she her hers
    herself it its itself we us our ours ourselves they them their theirs themselves who whom whose
    which what whoever whatever one ones"""
    # prepositions and particles
    """ of in to for on with at by from as into about after before over under between through
    during against among within without upon off out up down onto toward towards across along
    around near since until till than per via"""
    # conjunctions and adverbs of logic
    """ and or but nor so yet if because while although though whereas whether unless when where
    why how then there here also too very just only even still not never ever again once now"""
    # auxiliaries
    """ be am is are was were been being have has had having do does did doing will would shall
    should can could may might must ought"""
    # parts of contractions: don't, we've, he'll, they're
    """ s t d m ll re ve don doesn didn isn aren wasn weren hasn haven hadn won wouldn shouldn
    couldn mustn ain cannot"""
    # verbs and titles that attribute a sentence, which every desk replaces by its own
    """ say said says saying told tells mr mrs ms"""
)
ENGLISH = frozenset(_FUNCTION_WORDS.split())

# Words of the list that are frequent in English and rare in every other language in Latin script:
# how the tokeniser knows English without being told.
_MARKERS = """the of and to that with for was were are from by said this have which it has his had their
    they been would will after who about its not"""
ENGLISH_MARKERS = frozenset(_MARKERS.split())
