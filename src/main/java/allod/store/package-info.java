/**
 * The store: buckets, object versions and uploads under encryption, each effect in one commit with its event, and the
 * one gate through which anything becomes unreadable. Start at {@link allod.store.ObjectStore}. Knows nothing of HTTP
 * or XML; uses {@code base}, {@code log}, {@code keys}, {@code receipt} and the engines in
 * {@code allod.store.engine}; called by {@code s3}, {@code rights} and {@code admin}.
 */
@NullMarked
package allod.store;

import org.jspecify.annotations.NullMarked;
