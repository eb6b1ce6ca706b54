package allod.log;

import java.util.ArrayList;
import java.util.List;

/** The definitions of RFC 6962 section 2.1 as they are written there: slow, and plainly right. */
final class NaiveTree {
    private NaiveTree() {}

    static Hash root(List<byte[]> entries) {
        if (entries.isEmpty()) {
            return Hash.sha256();
        }
        if (entries.size() == 1) {
            return Hash.sha256(new byte[] {0}, entries.getFirst());
        }
        int k = split(entries);
        return Hash.sha256(
                new byte[] {1},
                root(entries.subList(0, k)).bytes(),
                root(entries.subList(k, entries.size())).bytes());
    }

    static List<Hash> path(int m, List<byte[]> entries) {
        if (entries.size() == 1) {
            return List.of();
        }
        int k = split(entries);
        List<byte[]> left = entries.subList(0, k);
        List<byte[]> right = entries.subList(k, entries.size());
        return m < k ? plus(path(m, left), root(right)) : plus(path(m - k, right), root(left));
    }

    static List<Hash> consistency(int m, List<byte[]> entries) {
        return m == 0 ? List.of() : subProof(m, entries, true);
    }

    private static List<Hash> subProof(int m, List<byte[]> entries, boolean complete) {
        if (m == entries.size()) {
            return complete ? List.of() : List.of(root(entries));
        }
        int k = split(entries);
        List<byte[]> left = entries.subList(0, k);
        List<byte[]> right = entries.subList(k, entries.size());
        return m <= k
                ? plus(subProof(m, left, complete), root(right))
                : plus(subProof(m - k, right, false), root(left));
    }

    private static int split(List<byte[]> entries) {
        return Integer.highestOneBit(entries.size() - 1);
    }

    private static List<Hash> plus(List<Hash> path, Hash last) {
        List<Hash> longer = new ArrayList<>(path);
        longer.add(last);
        return longer;
    }
}
