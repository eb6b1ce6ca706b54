package allod.policy;

import java.util.List;

/**
 * What is asked. Under a condition key that its action does not have the request says nothing, whatever a caller added to
 * it.
 *
 * @param action such as {@code s3:GetObject}
 * @param resource its ARN, such as {@code arn:aws:s3:::bucket/key}, or {@code *} where it is about no one thing
 * @param effort what deciding it may take
 */
public record Request(Who who, String action, String resource, Context context, Effort effort) {
    private static final String S3 = "arn:aws:s3:::";

    public Request {
        Context said = context;
        String asked = action;
        context = key -> ConditionKey.isOf(key, asked) ? said.of(key) : List.of();
    }

    /** One that is decided by itself. */
    public Request(Who who, String action, String resource, Context context) {
        this(who, action, resource, context, Effort.ofOne());
    }

    public static String arn(String bucket) {
        return S3 + bucket;
    }

    public static String arn(String bucket, String key) {
        return S3 + bucket + "/" + key;
    }

    public static String roleArn(String account, String role) {
        return "arn:aws:iam::" + account + ":role/" + role;
    }
}
