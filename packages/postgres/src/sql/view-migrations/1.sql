-- What the documents of a collection show, committed with them. A collection that is dropped forgets it.
CREATE TABLE view_positions (
  collection integer NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
  branch integer NOT NULL,
  epoch text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  event_id text COLLATE "C",
  token bigint NOT NULL,
  PRIMARY KEY (collection, branch)
);

-- Moves the position, if it is where a commit began (null: there is none) and no later holder has moved it. The collection
-- is not dropped before the transaction ends.
CREATE FUNCTION advance_view(
  in_collection text, in_branch integer, in_from bigint, in_token bigint,
  in_epoch text, in_position bigint, in_event_id text
) RETURNS void
LANGUAGE plpgsql AS $function$
DECLARE
  own integer;
BEGIN
  SELECT id INTO own FROM collections WHERE name = in_collection FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'HW000', HINT = 'view.unknown',
      MESSAGE = format('No collection %s is defined', in_collection);
  END IF;
  IF in_from IS NULL THEN
    INSERT INTO view_positions (collection, branch, epoch, position, event_id, token)
    VALUES (own, in_branch, in_epoch, in_position, in_event_id, in_token)
    ON CONFLICT DO NOTHING;
  ELSE
    UPDATE view_positions SET epoch = in_epoch, position = in_position, event_id = in_event_id, token = in_token
    WHERE collection = own AND branch = in_branch AND position = in_from AND token <= in_token;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'HW000', HINT = 'processor.fenced', MESSAGE =
      format('%s does not stand at %s any more, or a holder after %s has it', in_collection,
        coalesce(in_from::text, 'its beginning'), in_token);
  END IF;
END
$function$;
