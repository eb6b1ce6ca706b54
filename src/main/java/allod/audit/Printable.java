package allod.audit;

/** Foreign text for a terminal: what could move the cursor, hide or turn characters becomes a visible mark. */
final class Printable {
    private static final int MARK = 0xFFFD;

    private Printable() {}

    static String of(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().map(c -> isPrintable(c) ? c : MARK).forEach(out::appendCodePoint);
        return out.toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
