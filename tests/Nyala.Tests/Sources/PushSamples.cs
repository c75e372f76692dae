namespace Nyala.Tests.Sources;

/// <summary>
/// Sample push payloads, written after the vendors' documentation, with the fields that matter and some that do not. GitHub:
/// docs.github.com/webhooks/webhook-events-and-payloads#push; GitLab: docs.gitlab.com/user/project/integrations/webhook_events/#push-events;
/// Bitbucket: support.atlassian.com/bitbucket-cloud/docs/event-payloads/#Push.
/// </summary>
internal static class PushSamples
{
    public const string Commit = "6113728f27ae82c7b1a177c8d03f9e96e0adf246";
    public const string Zeros = "0000000000000000000000000000000000000000";

    public const string GitHub =
        """
        {
          "ref": "refs/heads/main", "before": "6113728f27ae82c7b1a177c8d03f9e96e0adf245", "after": "6113728f27ae82c7b1a177c8d03f9e96e0adf246",
          "created": false, "deleted": false, "forced": false, "base_ref": null, "compare": "https://github.com/Codertocat/Hello-World/compare/6113728f27ae...000000000000",
          "commits": [ { "id": "6113728f27ae82c7b1a177c8d03f9e96e0adf246", "distinct": true, "message": "Fix the tax\n", "timestamp": "2026-02-27T17:44:25+01:00",
            "author": { "name": "Ann", "email": "ann@example.com", "username": "ann" }, "committer": { "name": "GitHub", "email": "noreply@github.com" },
            "added": [], "removed": [], "modified": ["tax.js"] } ],
          "head_commit": { "id": "6113728f27ae82c7b1a177c8d03f9e96e0adf246", "message": "Fix the tax\n", "author": { "name": "Ann", "email": "ann@example.com", "username": "ann" } },
          "repository": { "id": 186853002, "name": "Hello-World", "full_name": "Codertocat/Hello-World", "private": false, "url": "https://github.com/Codertocat/Hello-World",
            "git_url": "git://github.com/Codertocat/Hello-World.git", "ssh_url": "git@github.com:Codertocat/Hello-World.git", "clone_url": "https://github.com/Codertocat/Hello-World.git" },
          "pusher": { "name": "Codertocat", "email": "21031067+Codertocat@users.noreply.github.com" }, "sender": { "login": "Codertocat" }
        }
        """;

    public const string GitLab =
        """
        {
          "object_kind": "push", "event_name": "push", "before": "95790bf891e76fee5e1747ab589903a6a1f80f22", "after": "6113728f27ae82c7b1a177c8d03f9e96e0adf246",
          "ref": "refs/heads/main", "ref_protected": true, "checkout_sha": "6113728f27ae82c7b1a177c8d03f9e96e0adf246", "message": null,
          "user_id": 4, "user_name": "John Smith", "user_username": "jsmith", "user_email": "john@example.com", "project_id": 15,
          "project": { "id": 15, "name": "Diaspora", "git_ssh_url": "git@gitlab.example.com:mike/diaspora.git", "git_http_url": "https://gitlab.example.com/mike/diaspora.git",
            "visibility_level": 0, "default_branch": "main", "http_url": "https://gitlab.example.com/mike/diaspora.git" },
          "commits": [
            { "id": "b6568db1bc1dcd7f8b4d5a946b0b91f9dacd7327", "message": "Update Catalan translation", "author": { "name": "Jordi", "email": "jordi@example.com" } },
            { "id": "6113728f27ae82c7b1a177c8d03f9e96e0adf246", "message": "Fix the tax\n", "author": { "name": "Ann", "email": "ann@example.com" } } ],
          "total_commits_count": 2, "push_options": {},
          "repository": { "name": "Diaspora", "url": "git@gitlab.example.com:mike/diaspora.git", "git_http_url": "https://gitlab.example.com/mike/diaspora.git", "visibility_level": 0 }
        }
        """;

    /// <summary>The GitLab format that Kudu knows, without <c>object_kind</c> and <c>project</c>.</summary>
    public const string OldGitLab =
        """
        {
          "before": "2370e44c850e732d71edd2db36920482558e3fe0", "after": "6113728f27ae82c7b1a177c8d03f9e96e0adf246", "ref": "refs/heads/main",
          "user_id": 99630, "user_name": "Ann", "project_id": 171368,
          "repository": { "name": "Hello", "url": "git@gitlab.com:acme/hello.git", "git_http_url": "https://gitlab.com/acme/hello.git", "visibility_level": 20 },
          "commits": [], "total_commits_count": 0
        }
        """;

    public const string Bitbucket =
        """
        {
          "actor": { "display_name": "Ann" },
          "repository": { "type": "repository", "scm": "git", "name": "shop", "full_name": "acme/shop", "is_private": true,
            "links": { "self": { "href": "https://api.bitbucket.org/2.0/repositories/acme/shop" }, "html": { "href": "https://bitbucket.org/acme/shop" } } },
          "push": { "changes": [
            { "new": { "type": "branch", "name": "next", "target": { "type": "commit", "hash": "709d658dc5b6d6afcd46049c2f332ee3f515a67d", "message": "Try", "author": { "raw": "Ann" } } },
              "old": null, "created": true, "closed": false, "forced": false },
            { "new": { "type": "branch", "name": "main", "target": { "type": "commit", "hash": "6113728f27ae82c7b1a177c8d03f9e96e0adf246", "message": "Fix the tax\n",
                "author": { "type": "author", "raw": "Ann <ann@example.com>" }, "date": "2026-02-27T17:44:25+00:00" } },
              "old": { "type": "branch", "name": "main", "target": { "type": "commit", "hash": "1e65c05c1d5171631d92438a13901ca7dae9618c" } },
              "created": false, "closed": false, "forced": false, "truncated": false }
          ] }
        }
        """;

    public const string Generic = """{"format":"basic","url":"https://example.com/acme/shop.git#main"}""";
}
