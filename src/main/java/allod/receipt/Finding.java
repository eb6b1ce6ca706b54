package allod.receipt;

/**
 * What came of checking one statement.
 *
 * @param statement which
 * @param passed whether it holds
 * @param sentence what was found, for people
 */
public record Finding(Statement statement, boolean passed, String sentence) {}
