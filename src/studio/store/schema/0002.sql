-- Whether a file can be heard, 0 or 1; unknown for those that came before.
ALTER TABLE media ADD COLUMN sound INTEGER;
