/**
 * May they: the policy language of AWS Identity and Access Management as S3 uses it. Start at {@link allod.policy.Policy},
 * which is read from its JSON or refused by name, and {@link allod.policy.Evaluation}, which decides a request by the
 * policies of its resource, its principal and its session. Pure functions of policies and request: no I/O, no clock.
 * Words are those of the IAM user guide. Uses Jackson to read JSON; called by {@code s3} and the wiring. See
 * docs/access.md.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html">Elements of a policy</a>
 */
@NullMarked
package allod.policy;

import org.jspecify.annotations.NullMarked;
