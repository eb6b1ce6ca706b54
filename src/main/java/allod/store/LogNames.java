package allod.store;

/**
 * The names of an installation's logs. Log 0 has the origin that was given, for ever; a log that a restore opened has
 * that origin and its number, because its key is another and its entries are not those that the first one promised.
 */
final class LogNames {
    /** The highest number of a log. */
    static final int MAX = 0xffff;

    private LogNames() {}

    static String origin(String base, int log) {
        return log == 0 ? base : base + "/r" + log;
    }

    /** The origin of log 0, told from that of another. */
    static String base(String origin, int log) {
        String end = log == 0 ? "" : "/r" + log;
        if (!origin.endsWith(end)) {
            throw new IllegalStateException("log " + log + " is called " + origin);
        }
        return origin.substring(0, origin.length() - end.length());
    }

    /** Where a log is served, at the pact address. */
    static String prefix(int log) {
        return log == 0 ? "/log/" : "/log/r" + log + "/";
    }
}
