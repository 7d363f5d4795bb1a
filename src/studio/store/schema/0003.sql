-- A user's sessions are counted; a session's renders are listed, and the sessions that changed last.
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_change ON sessions (updated_at, number);
CREATE INDEX renders_by_session ON renders (session_id, created_at);
