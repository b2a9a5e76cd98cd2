"""Lays out boxes and lines in layers, from top to bottom and in lanes side by side.

The steps are those of K. Sugiyama, S. Tagawa and M. Toda, Methods for visual understanding of hierarchical system
structures (IEEE Transactions on Systems, Man, and Cybernetics 11, 1981): take circles out, give each box a layer, order
the layers so that few lines cross, find places.
"""
