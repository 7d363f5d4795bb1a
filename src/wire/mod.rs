//! What crosses HTTP: types and text codecs, both directions in one file.
