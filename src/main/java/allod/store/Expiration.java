package allod.store;

import java.time.Instant;

/** When a lifecycle rule will end a current version. */
public record Expiration(Instant date, String rule) {}
