//! Words: what a sentence asks for, what an agent's GUI talk means.
