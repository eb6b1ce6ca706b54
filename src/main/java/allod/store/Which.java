package allod.store;

/** Which of a key's versions is meant. */
sealed interface Which {
    Which CURRENT = new Current();

    /** What a request without a version id is about: the version or marker on top. */
    record Current() implements Which {}

    /** The one whose id is null. */
    record Null() implements Which {}

    /** The one that was written at an order; at 0 nothing ever was. */
    record Ordered(long order) implements Which {}
}
