"""A seeded, believable B2B market and the dirty lists it leaves behind, with the truth beside.

Nobody in it exists: names, companies, addresses and numbers are drawn by chance from pools.
"""

from tieline.demo.world import World, generate

__all__ = ["World", "generate"]
