package allod.store;

import java.util.Optional;

/** Decisions' facts from the map. */
final class Facts implements DecisionFacts {
    private final Ground ground;
    private final Configurations configurations;
    private final Versions versions;
    private final VersionIds ids;

    Facts(Ground ground, Configurations configurations, Versions versions, VersionIds ids) {
        this.ground = ground;
        this.configurations = configurations;
        this.versions = versions;
        this.ids = ids;
    }

    private Optional<BucketRow> row(BucketName name) {
        return Optional.ofNullable(ground.map().get(MapKey.bucket(name))).map(BucketRow::decode);
    }

    @Override
    public Optional<BucketFacts> bucket(BucketName name) {
        return row(name).map(row -> new BucketFacts(name, row.id(), row.owner()));
    }

    @Override
    public Optional<byte[]> configuration(long bucketId, ConfigurationKind kind) {
        return configurations.of(bucketId, kind);
    }

    @Override
    public Optional<ObjectFacts> object(BucketName bucket, ObjectKey key, Optional<VersionId> version) {
        Which which = ids.which(version);
        return row(bucket).flatMap(row -> versions.describe(row, key, which)).map(found -> {
            ObjectMetadata metadata = found.description().metadata();
            return new ObjectFacts(metadata.tags(), metadata.access());
        });
    }
}
