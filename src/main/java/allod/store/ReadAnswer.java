package allod.store;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** What a read found. Refusals and conditions that fail are thrown as {@link allod.base.Problem}. */
public sealed interface ReadAnswer {
    /**
     * A delete marker is what was asked for, or stands on top of what was; nothing is released.
     *
     * @param asked whether the request named it by its version id
     */
    record Marker(VersionId version, Instant lastModified, boolean asked) implements ReadAnswer {}

    /** The client's copy is current; nothing is released. */
    record NotModified(ObjectInfo info) implements ReadAnswer {}

    /** No byte of the range that was asked exists; nothing is released. */
    record Unsatisfiable(ObjectInfo info) implements ReadAnswer {}

    /**
     * A HEAD: all about the object, no content.
     *
     * @param first the first byte of the range, if one was asked, else 0
     * @param length of the range, if one was asked
     * @param parts as {@link Content#parts}
     */
    record Described(ObjectInfo info, long first, long length, List<ObjectPart> parts) implements ReadAnswer {}

    /**
     * Content that may now be released: its event is durable. Must be closed; until then an erasure of the version
     * waits for it or cuts it.
     */
    non-sealed interface Content extends ReadAnswer, AutoCloseable {
        ObjectInfo info();

        /** The first byte's position, 0 without a range. */
        long first();

        /** How many bytes {@link #transferTo} gives. */
        long length();

        /** The parts that were asked for: the one of the range, or all to {@code ATTRIBUTES}; else none. */
        List<ObjectPart> parts();

        /**
         * Gives the content, authenticated segment by segment, once.
         *
         * @throws allod.base.Problem DAMAGED if a segment fails its authentication; what was given before is genuine
         * @throws IOException if the sink or the disk fails, or the version was erased meanwhile
         */
        void transferTo(ContentSink sink) throws IOException;

        @Override
        void close();
    }
}
