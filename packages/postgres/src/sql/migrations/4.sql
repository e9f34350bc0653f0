-- Appends in transactions of users, beside segments that are not attached. A condition by types alone that reaches back into
-- one can't be checked: what it looks for may have been removed. Tags stay, so by tags it can.

-- From where on such a condition needs the log. Rows are deleted by the transaction that inserts them.
CREATE UNLOGGED TABLE staged_conditions (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  of_branch integer NOT NULL,
  after bigint NOT NULL
);

-- Fails where the log does not reach back as far as a condition.
CREATE FUNCTION require_attached_from(in_of_branch integer, in_after bigint) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT
AS $$
BEGIN
  PERFORM require_attached(in_of_branch, in_after, (
    SELECT position FROM events WHERE branch = in_of_branch ORDER BY position DESC LIMIT 1
  ));
END
$$;

-- Comes before stage_append, so that it is checked before what it is for is recorded. Who asks hears at once.
CREATE FUNCTION stage_condition(in_of_branch integer, in_after bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
BEGIN
  PERFORM require_attached_from(in_of_branch, in_after);
  INSERT INTO staged_conditions (of_branch, after) VALUES (in_of_branch, in_after);
END
$$;

-- Under the lock, for which a segment that is to be detached meanwhile has to wait.
CREATE FUNCTION check_staged_condition() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
BEGIN
  PERFORM lock_log();
  PERFORM require_attached_from(NEW.of_branch, NEW.after);
  DELETE FROM staged_conditions WHERE number = NEW.number;
  RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER check_staged_condition AFTER INSERT ON staged_conditions
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_staged_condition();
