/**
 * What every address of the server shares: a listener over sockets and TLS with limits and deadlines, the signature check
 * (AWS Signature Version 4) of both sides, problem answers, health and metrics. Start at {@link allod.http.HttpListener},
 * which hands each request to an {@link allod.http.HttpHandler} as an {@link allod.http.Exchange}; then
 * {@link allod.http.SigV4}. Words are those of RFC 9110, RFC 9112 and the AWS signing pages. Uses {@code base}, Jetty's
 * core server, Jackson and Micrometer, none of which shows in a public signature but Micrometer's registry. Called by the
 * addresses ({@code s3}, {@code rights} and their like) and by {@code cli}, which signs with
 * {@link allod.http.RequestSigner}.
 */
@NullMarked
package allod.http;

import org.jspecify.annotations.NullMarked;
