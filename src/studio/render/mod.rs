//! Turns a draft into a video file: plan, run, verify.
