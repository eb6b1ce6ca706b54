package allod.store.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Statistics;
import org.rocksdb.StatsLevel;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBufferManager;

/**
 * How the map lies in RocksDB: which column family holds which families of keys, and the settings of each. Owns the native
 * objects that the open database leans on.
 */
final class RocksTables implements AutoCloseable {
    /** Column families in the order they are opened; the first is RocksDB's own default and holds all other keys. */
    static final List<String> NAMES = List.of("default", "slots", "log");

    private static final int DEFAULT_TABLE = 0;
    private static final int SLOTS = 1;
    private static final int LOG = 2;
    private static final byte[] TABLE_OF_FAMILY = tableOfFamily();

    /** Values from this size on are kept apart from the sorted keys, so that merging keys does not copy them again. */
    private static final long LEAST_SEPARATE_VALUE = 1024;

    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final Cache cache;
    private final Statistics statistics;
    private final DBOptions database;
    private final List<ColumnFamilyDescriptor> descriptors;

    RocksTables(RocksOptions options) {
        long memory = options.memoryBytes();
        // Memtables are charged to the cache, so the cache's capacity bounds both together.
        cache = own(new LRUCache(memory));
        statistics = own(new Statistics());
        statistics.setStatsLevel(StatsLevel.EXCEPT_DETAILED_TIMERS);
        var memtables = own(new WriteBufferManager(memory / 2, cache));
        database = own(databaseOptions(memory, memtables));
        var bloom = own(new BloomFilter(10, false));
        descriptors = List.of(
                descriptor(
                        DEFAULT_TABLE,
                        own(table(4 << 10, memory / 16, bloom).setCompressionType(CompressionType.LZ4_COMPRESSION))),
                descriptor(SLOTS, own(slots(memory, bloom))),
                descriptor(LOG, own(table(16 << 10, memory / 16, bloom))));
    }

    /** The place in {@link #NAMES} of the table that holds keys of this family. */
    static int tableOf(byte family) {
        return TABLE_OF_FAMILY[family & 0xff];
    }

    DBOptions database() {
        return database;
    }

    List<ColumnFamilyDescriptor> descriptors() {
        return descriptors;
    }

    Cache cache() {
        return cache;
    }

    Statistics statistics() {
        return statistics;
    }

    private DBOptions databaseOptions(long memory, WriteBufferManager memtables) {
        return new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                // A kill leaves a torn record at the end of the log, which is fine; damage before it is not. The
                // default
                // mode would open after a flipped bit in the middle and drop what came after it.
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                .setRecycleLogFileNum(0)
                .setParanoidChecks(true)
                .setWriteBufferManager(memtables)
                .setMaxTotalWalSize(memory)
                .setMaxBackgroundJobs(2)
                .setMaxOpenFiles(512)
                .setBytesPerSync(1 << 20)
                .setAvoidUnnecessaryBlockingIO(true)
                .setStatistics(statistics)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(4 << 20)
                .setKeepLogFileNum(4);
    }

    /** Slot rows hold content of up to 32 KiB, each written once under a rising number and deleted in any order. */
    private ColumnFamilyOptions slots(long memory, BloomFilter bloom) {
        return table(8 << 10, memory / 8, bloom)
                .setEnableBlobFiles(true)
                .setMinBlobSize(LEAST_SEPARATE_VALUE)
                .setBlobFileSize(64 << 20)
                .setEnableBlobGarbageCollection(true)
                .setBlobGarbageCollectionAgeCutoff(0.25)
                .setBlobGarbageCollectionForceThreshold(0.5);
    }

    private ColumnFamilyOptions table(int blockSize, long memtableSize, BloomFilter bloom) {
        var blocks = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(blockSize)
                .setFilterPolicy(bloom)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFormatVersion(6);
        return new ColumnFamilyOptions()
                .setTableFormatConfig(blocks)
                .setWriteBufferSize(memtableSize)
                .setMaxWriteBufferNumber(3)
                .setLevelCompactionDynamicLevelBytes(true)
                .setCompressionType(CompressionType.NO_COMPRESSION);
    }

    private static ColumnFamilyDescriptor descriptor(int table, ColumnFamilyOptions options) {
        return new ColumnFamilyDescriptor(NAMES.get(table).getBytes(StandardCharsets.UTF_8), options);
    }

    private static byte[] tableOfFamily() {
        byte[] tables = new byte[256];
        for (char family : new char[] {'s', 'k'}) {
            tables[family] = SLOTS;
        }
        for (char family : new char[] {'e', 'l', 't', 'H', 'r'}) {
            tables[family] = LOG;
        }
        return tables;
    }

    private <T extends AutoCloseable> T own(T object) {
        owned.push(object);
        return object;
    }

    @Override
    public void close() {
        owned.forEach(RocksTables::closeNative);
        owned.clear();
    }

    private static void closeNative(AutoCloseable object) {
        try {
            object.close();
        } catch (Exception e) {
            throw new IllegalStateException("a native object cannot be released", e);
        }
    }
}
