package allod;

/**
 * What somebody set.
 *
 * @param text the value as written; the elements of a list stand between {@link ConfigReader#BETWEEN}
 * @param where where it was written, such as {@code allod.yaml line 3}, to begin a sentence
 */
record Given(String text, String where) {}
