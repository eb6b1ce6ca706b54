package allod.policy;

/** The 12 digits that name an owner of data in ARNs. */
final class Account {
    private Account() {}

    static boolean isId(String text) {
        return text.length() == 12 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
