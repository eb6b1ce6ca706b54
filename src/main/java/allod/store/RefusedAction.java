package allod.store;

import java.util.Optional;

/**
 * What a decision refused, as the bucket's owner reads it.
 *
 * @param key empty for what is done to the bucket
 * @param action as policies name it, such as {@code s3:GetObject}
 * @param why the rule that decided, as a phrase
 * @param whyToOwner the same as an owner reads it who is not the caller's tenant: no name of that one's policies
 */
public record RefusedAction(Optional<ObjectKey> key, String action, String why, String whyToOwner) {}
