package allod;

import allod.base.AccessKeyId;
import allod.base.Problem;
import allod.keys.pkcs11.Pkcs11Settings;
import allod.keys.transit.TransitSettings;
import allod.pact.Jurisdiction;
import allod.pact.Party;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an operator may set, with every value checked. docs/configuration.md lists each key with its default; the same
 * table is {@link Settings}. Sizes are bytes.
 *
 * @param data the folder of the map and the blobs; may be copied and backed up freely
 * @param operator who runs this server
 * @param custody where the erasable keys are; never inside the data folder
 * @param firstKey the key pair the environment brings for a first start, used only while there is no tenant
 * @param timeReached a time that the operator says has been reached
 * @param stopGrace how long a stopping server lets running requests finish
 */
public record Config(
        Path data,
        Operator operator,
        Custody custody,
        S3 s3,
        Pact pact,
        Optional<Tls> tls,
        Log log,
        Limits limits,
        Space space,
        Erase erase,
        Lifecycle lifecycle,
        Memory memory,
        Logging logging,
        Optional<FirstKey> firstKey,
        Optional<Instant> timeReached,
        Duration stopGrace) {

    /**
     * Reads the settings: defaults, then the file, then the environment, then the command line, the later winning.
     *
     * @param file the YAML file, absent if none was named
     * @param environment the process's environment; {@code ALLOD_S3_ADDRESS} sets {@code s3.address}
     * @param flags what the command line set, by the key's path
     * @throws Problem if a key is unknown or a value is not of its shape; it names file and line
     */
    public static Config load(Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
        return new ConfigReader(file, environment, flags).read();
    }

    /**
     * Who runs this server, as {@code who-can-read} names it.
     *
     * @param name on one line
     * @param jurisdiction whose law reaches the operator; absent if it is not stated
     */
    public record Operator(String name, Optional<Jurisdiction> jurisdiction) {}

    /**
     * Where the erasable keys are.
     *
     * @param paths the folder of each mirror, at least one
     * @param assurance what the operator states about the disk beneath
     * @param custodians those besides the one in the custody folder, by name
     * @param lease how long a domain's keys may be used before its custodians are asked again; 0 for each request
     */
    public record Custody(List<Path> paths, Assurance assurance, List<Custodian> custodians, Duration lease) {
        public Custody {
            paths = List.copyOf(paths);
            custodians = List.copyOf(custodians);
        }
    }

    /**
     * A custodian elsewhere.
     *
     * @param id its name in this installation, which root records and receipts carry
     * @param party who administers it; the operator where nothing is stated
     * @param kind how it is reached
     */
    public record Custodian(String id, Party party, Kind kind) {
        /** How a custodian is reached. */
        public sealed interface Kind {}

        /** The transit engine of OpenBao or Vault. */
        public record Transit(TransitSettings settings) implements Kind {}

        /** A PKCS#11 token. */
        public record Pkcs11(Pkcs11Settings settings) implements Kind {}
    }

    /** What the operator states of the disk that holds the custody folder; receipts carry the class that follows. */
    public enum Assurance {
        /** Nothing is stated: receipts say class E0. */
        UNSTATED,
        /** Writes replace the old bytes in place and nothing copies the disk: no flash, no snapshots, no images. */
        IN_PLACE
    }

    /**
     * The S3 address.
     *
     * @param address where the S3 API listens
     * @param domains the host names below which each bucket has its own; none if requests are path style only
     * @param region the region that signatures must name
     */
    public record S3(InetSocketAddress address, List<String> domains, String region) {
        public S3 {
            domains = List.copyOf(domains);
        }
    }

    /**
     * The pact address.
     *
     * @param address where receipts, events, the log, metrics and health are served
     */
    public record Pact(InetSocketAddress address) {}

    /** The certificate chain and its private key, PEM files, for both addresses. */
    public record Tls(Path certificate, Path key) {}

    /**
     * The transparency log.
     *
     * @param origin the log's name for ever; absent means one made from the installation's id at the first start
     * @param checkpointInterval longest time between a commit and the checkpoint that covers it
     */
    public record Log(Optional<String> origin, Duration checkpointInterval) {}

    /**
     * What one client may ask for, and all of them together.
     *
     * @param headerBytes longest request line and headers together
     * @param headers header fields in a request
     * @param headerDeadline a request's headers must have arrived within this time
     * @param idle a connection without a request is closed after this time
     * @param minRate bytes a second that a client must send or take while a body is under way
     * @param rateGrace time waited for a client before that rate counts
     * @param connections open connections for each address
     * @param concurrentRequests requests carried out at once, for each address
     * @param queue requests that wait beyond those; the next is answered 503
     * @param patience longest wait in that queue before the answer is 503
     */
    public record Limits(
            int headerBytes,
            int headers,
            Duration headerDeadline,
            Duration idle,
            int minRate,
            Duration rateGrace,
            int connections,
            int concurrentRequests,
            int queue,
            Duration patience) {}

    /**
     * Room on the disk.
     *
     * @param floor below this much free space content is refused with 507, while reads and deletes go on
     * @param reserve preallocated in each folder, so that deletes have room on a full disk
     */
    public record Space(long floor, long reserve) {}

    /**
     * Erasures that nobody waits for.
     *
     * @param backgroundWindow how long overwritten and aborted content may wait for the erasure that it shares
     */
    public record Erase(Duration backgroundWindow) {}

    /**
     * Lifecycle rules of buckets.
     *
     * @param day how long one of their days is
     */
    public record Lifecycle(Duration day) {}

    /**
     * Memory outside the Java heap.
     *
     * @param rocksdb for the metadata engine: block cache and write buffers together
     */
    public record Memory(long rocksdb) {}

    /** The lines on standard error. */
    public record Logging(Format format, Level level) {
        /** How a line is written. */
        public enum Format {
            /** One line of {@code key=value} pairs. */
            TEXT,
            /** One JSON object a line. */
            JSON
        }

        /** The least level of our own lines; other libraries' are shown from WARN on. */
        public enum Level {
            ERROR,
            WARN,
            INFO,
            DEBUG
        }
    }

    /** The key pair of {@code ALLOD_ACCESS_KEY} and {@code ALLOD_SECRET_KEY}; the secret shows in no text. */
    public record FirstKey(AccessKeyId id, String secret) {
        @Override
        public String toString() {
            return "FirstKey[id=" + id + "]";
        }
    }
}
