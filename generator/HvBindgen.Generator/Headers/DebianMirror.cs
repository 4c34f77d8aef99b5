namespace HvBindgen.Generator.Headers;

/// <summary>The mirror of Debian's main archive that a machine uses, with the keys it trusts for it.</summary>
internal sealed record DebianMirror(string Uri, string? SignedBy)
{
    // Keys of the archive as Debian installs them; they cover all its suites, also those newer than the machine's.
    private const string ArchiveKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

    private static readonly string[] Releases =
        ["oldstable", "stable", "testing", "unstable", "sid", "bullseye", "bookworm", "trixie", "forky", "duke"];

    /// <summary>Chooses the source that most looks like Debian's main archive; null when none does.</summary>
    /// <remarks>Third parties use Debian's suite and component names too, so no single sign is enough.</remarks>
    internal static DebianMirror? Find(IReadOnlyList<AptSource> sources)
    {
        AptSource? best = null;
        int bestScore = 0;
        foreach (AptSource source in sources)
        {
            int score = Score(source, sources);
            if (score > bestScore)
            {
                best = source;
                bestScore = score;
            }
        }

        return best is null ? null : Of(best.Uri, best.SignedBy);
    }

    /// <summary>A mirror with the keys that its source names, else Debian's own keyring, else whatever apt trusts.</summary>
    internal static DebianMirror Of(string uri, string? signedBy) =>
        new(uri, signedBy ?? (File.Exists(ArchiveKeyring) ? ArchiveKeyring : null));

    private static int Score(AptSource source, IReadOnlyList<AptSource> all)
    {
        if (!source.Components.Contains("main") || !source.Suites.Any(Releases.Contains)
            || source.Uri.Contains("security", StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        // Only the main archive has these companions beside a release.
        bool hasCompanion = all.Where(other => other.Uri == source.Uri).SelectMany(other => other.Suites)
            .Any(suite => suite.EndsWith("-updates", StringComparison.Ordinal) || suite.EndsWith("-backports", StringComparison.Ordinal));
        bool hasArchiveKey = source.SignedBy?.Contains("debian-archive", StringComparison.Ordinal) ?? false;
        bool isDebianFolder = source.Uri.TrimEnd('/').EndsWith("/debian", StringComparison.Ordinal);
        bool isFirstLevel = isDebianFolder && source.Uri.TrimEnd('/').Count(c => c == '/') == 3;
        return 1 + (hasArchiveKey ? 8 : 0) + (hasCompanion ? 4 : 0) + (isFirstLevel ? 2 : 0) + (isDebianFolder ? 1 : 0);
    }
}
