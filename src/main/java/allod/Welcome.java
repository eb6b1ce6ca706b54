package allod;

import allod.http.Address;
import allod.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the server says once when it has started: where it listens, what its log is checked with, what an erasure is worth
 * here, and at the first start the one showing of the access key.
 *
 * @param firstStart whether the folders were made just now
 * @param drawn the key pair drawn just now; its secret is printed here and nowhere else
 * @param warnings what the operator should know before anything else
 */
public record Welcome(
        boolean firstStart, Optional<FirstStart.NewKey> drawn, List<String> warnings, List<String> lines) {
    static final Welcome NONE = new Welcome(false, Optional.empty(), List.of(), List.of());

    Welcome at(String scheme, Address s3, Address pact, Store store) {
        List<String> said = new ArrayList<>();
        said.add("S3    " + scheme + "://" + s3);
        said.add("pact  " + scheme + "://" + pact + "  (receipts, events, log, health, metrics)");
        said.add("log   " + store.verifierKey());
        said.add("erasure here is worth " + store.assurance());
        drawn.ifPresent(key -> sayKey(said, key, scheme + "://" + s3));
        if (firstStart) {
            said.add("");
            said.add(
                    "The custody folder holds the keys that erasure destroys. Mirror it, never back it up: a copy of it");
            said.add("undoes every erasure made after the copy, and losing it loses the data. The data folder may be");
            said.add("copied and backed up freely.");
        }
        return new Welcome(firstStart, drawn, warnings, List.copyOf(said));
    }

    private static void sayKey(List<String> said, FirstStart.NewKey key, String s3) {
        said.add("");
        said.add("First start: a tenant \"default\" with this access key, shown only now:");
        said.add("  export AWS_ACCESS_KEY_ID=" + key.id());
        said.add("  export AWS_SECRET_ACCESS_KEY=" + key.secret());
        said.add("  export AWS_DEFAULT_REGION=us-east-1");
        said.add("Try it:");
        said.add("  aws --endpoint-url " + s3 + " s3 mb s3://first");
        said.add("  aws --endpoint-url " + s3 + " s3 cp README.md s3://first/");
    }

    @Override
    public String toString() {
        return "Welcome[]";
    }
}
