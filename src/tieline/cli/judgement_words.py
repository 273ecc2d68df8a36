"""Judgements in words, as the commands say them."""

from tieline.actions.judgement_words import KINDS, says, signed, why

__all__ = ["KINDS", "says", "signed", "why"]
