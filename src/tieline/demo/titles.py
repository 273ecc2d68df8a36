"""Job titles by language, function and level; a career moves up its function's levels."""

from __future__ import annotations

import re

import numpy as np

from tieline.demo.columns import Text, take, text
from tieline.demo.draws import Ints, Weighted
from tieline.demo.pools import read_pool

LANGUAGES = ["en", "de", "fr", "it", "es", "nl", "sv", "da", "pl"]
TITLES_IN = {"no": "da", "fi": "en", "cz": "en", "pt": "en", "ja": "en"}
FUNCTIONS = ["general", "finance", "it", "operations", "marketing", "procurement", "sales",
             "engineering", "supply", "hr", "quality"]  # fmt: skip
LEVELS = "csmdva"
DEPARTMENTS = {
    "en": ["Management", "Finance", "IT", "Production", "Marketing", "Purchasing", "Sales", "Engineering",
           "Logistics", "Human Resources", "Quality"],
    "de": ["Geschäftsführung", "Buchhaltung", "EDV", "Produktion", "Marketing", "Einkauf", "Vertrieb",
           "Entwicklung", "Logistik", "Personal", "Qualitätssicherung"],
    "fr": ["Direction", "Comptabilité", "Informatique", "Production", "Marketing", "Achats", "Commercial",
           "Technique", "Logistique", "Ressources Humaines", "Qualité"],
}  # fmt: skip


# German, French, Italian and Spanish have a woman's form of most titles.
WOMEN = {
    "de": [(r"leiter\b", "leiterin"), (r"Leiter\b", "Leiterin"), (r"führer\b", "führerin"), (r"Einkäufer\b", "Einkäuferin"),
           (r"halter\b", "halterin"), (r"bearbeiter\b", "bearbeiterin"), (r"ingenieur\b", "ingenieurin"),
           (r"Inhaber\b", "Inhaberin"), (r"Konstrukteur\b", "Konstrukteurin"), (r"konstrukteur\b", "konstrukteurin"),
           (r"(T|t)echniker\b", r"\1echnikerin"), (r"administrator\b", "administratorin"), (r"entwickler\b", "entwicklerin"),
           (r"beauftragter\b", "beauftragte"), (r"referent\b", "referentin"), (r"Assistent\b", "Assistentin"),
           (r"Laborant\b", "Laborantin"), (r"Disponent\b", "Disponentin"), (r"Gesellschafter\b", "Gesellschafterin"),
           (r"Geschäftsführender\b", "Geschäftsführende"), (r"(Strategisch|Operativ|Technisch)er\b", r"\1e"), (r"Kaufm\. Geschäftsführer\b", "Kaufm. Geschäftsführerin")],
    "fr": [(r"Directeur\b", "Directrice"), (r"Acheteur\b", "Acheteuse"), (r"Assistant\b", "Assistante"), (r"Technicien\b", "Technicienne"),
           (r"Gérant\b", "Gérante"), (r"Président\b", "Présidente"), (r"Dirigeant\b", "Dirigeante"), (r"Ingénieur\b", "Ingénieure"),
           (r"Dessinateur\b", "Dessinatrice"), (r"Attaché Commercial\b", "Attachée Commerciale"), (r"Chargé\b", "Chargée")],
    "it": [(r"Direttore\b", "Direttrice"), (r"Addetto\b", "Addetta"), (r"Impiegato\b", "Impiegata"), (r"Impiegata Amministrativo", "Impiegata Amministrativa"), (r"Amministratore\b", "Amministratrice"), (r"Disegnatore\b", "Disegnatrice")],
    "es": [(r"Director\b", "Directora"), (r"Jefe\b", "Jefa"), (r"Técnico\b", "Técnica"), (r"Ingeniero\b", "Ingeniera"), (r"Comprador\b", "Compradora"),
           (r"Administrativo\b", "Administrativa"), (r"Propietario\b", "Propietaria"), (r"Administrador\b", "Administradora"), (r"Consejero Delegado", "Consejera Delegada"), (r"Programador\b", "Programadora")],
}  # fmt: skip
MEN = {"fr": [("Directrice", "Directeur"), ("Acheteuse", "Acheteur"), ("Assistante", "Assistant"), ("Générale", "Général")],
       "it": [("Segretaria", "Segretario")], "es": [("Secretaria", "Secretario")],
       "de": [("Office Managerin", "Office Manager")]}  # fmt: skip


def gendered(title: str, language: str, female: bool) -> str:
    """Return the title as a woman or a man bears it."""
    for pattern, replacement in (WOMEN if female else MEN).get(language, []):
        title = re.sub(pattern, replacement, title)
    return title


class Titles:
    """All titles, drawn by language, or within one function and level of a language."""

    def __init__(self) -> None:
        """Read the titles table; every title is one choice with its share of the row's weight."""
        rows = read_pool("titles")
        self._by_language: list[list[float]] = [[] for _ in LANGUAGES]
        names: list[str] = []
        women: list[str] = []
        function: list[int] = []
        level: list[int] = []
        for number, language in enumerate(LANGUAGES):
            for row in (r for r in rows if r["lang"] == language):
                titles = row["titles"].split(";")
                names += [gendered(t, language, female=False) for t in titles]
                women += [gendered(t, language, female=True) for t in titles]
                function += [FUNCTIONS.index(row["function"])] * len(titles)
                level += [LEVELS.index(row["level"])] * len(titles)
                # titles stand in order of frequency: the third is about half as common as the first
                shares = np.array([1 / (1 + 0.5 * i) for i in range(len(titles))])
                self._by_language[number] += list(float(row["weight"]) * shares / shares.sum())
        self.names: Text = text(names)
        self.female: Text = text(women)
        self.function: Ints = np.array(function, dtype=np.int64)
        self.level: Ints = np.array(level, dtype=np.int64)
        self._draw = Weighted(self._by_language)
        self._similar = self._same_function()

    def _same_function(self) -> Weighted:
        """Return the draw of another title of the same language and function."""
        groups: list[list[float]] = []
        for number in range(len(LANGUAGES)):
            low, high = self._draw.offsets[number], self._draw.offsets[number + 1]
            functions = self.function[low:high]
            for function in range(len(FUNCTIONS)):
                weights = np.array(self._by_language[number]) * (functions == function)
                groups.append(list(weights + 1e-12))
        return Weighted(groups)

    def draw(self, language: Ints, rng: np.random.Generator) -> Ints:
        """Draw a title for people of each language."""
        return self._draw.draw(rng, language)

    def next(self, title: Ints, language: Ints, rng: np.random.Generator) -> Ints:
        """Draw the title after a promotion or a change of employer: same function, any level."""
        group = language * len(FUNCTIONS) + self.function[title]
        drawn = self._similar.draw(rng, group)
        # the similar-title groups repeat all titles of the language once per function
        within = drawn - self._similar.offsets[group]
        return self._draw.offsets[language] + within

    def text(self, title: Ints) -> Text:
        """Return the words of the titles."""
        return take(self.names, title)
