/**
 * Keys for a time: the AWS Security Token Service's AssumeRole, GetSessionToken and GetCallerIdentity, on the address of S3
 * as other servers have it. Start at {@link allod.sts.StsHandler}, which answers what is of this service and hands on all
 * else. Whether a role may be taken is decided by {@code policy}; {@code store} makes the sessions and records them. Words
 * are those of the STS API reference. Called by the wiring. See docs/access.md.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html">The STS API, version 2011-06-15</a>
 */
@NullMarked
package allod.sts;

import org.jspecify.annotations.NullMarked;
