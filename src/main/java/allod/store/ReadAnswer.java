package allod.store;

import java.io.IOException;
import java.util.List;

/** What a read found. Refusals and conditions that fail are thrown as {@link allod.base.Problem}. */
public sealed interface ReadAnswer {
    ObjectInfo info();

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
