using System.Text.RegularExpressions;

namespace HvBindgen.Generator.Headers;

/// <summary>
/// What names of <c>sources.json</c> and the lock may be: they become part of apt's configuration, of command lines and of folders' names.
/// </summary>
internal static partial class SourceNames
{
    /// <summary>Refuses a name that is none.</summary>
    /// <param name="file">The file that says it.</param>
    /// <param name="kind">What it should be, such as <c>suite</c>.</param>
    /// <param name="name">The name.</param>
    /// <param name="shape">What such a name looks like.</param>
    /// <exception cref="HeaderSyncException">The name has another shape.</exception>
    internal static void Require(string file, string kind, string name, Regex shape)
    {
        if (!shape.IsMatch(name) || name.Contains("..", StringComparison.Ordinal))
        {
            throw new HeaderSyncException(
                $"{file}: '{VisibleText.Of(name)}' is no name of a {kind}",
                "Correct the name: letters, digits, and '-', '+', '.' between them.");
        }
    }

    /// <summary>Suites, some of which have a part behind a slash.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9.+_-]*(/[A-Za-z0-9][A-Za-z0-9.+_-]*)*\z")]
    internal static partial Regex Suite();

    /// <summary>Names of packages, with at most one star.</summary>
    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.+-]*(\*[a-z0-9.+-]*)?\z")]
    internal static partial Regex Package();

    /// <summary>Versions of packages and kernels.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9.+~:_-]*\z")]
    internal static partial Regex Version();

    /// <summary>Names of a machine's own folder.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_-]*\z")]
    internal static partial Regex Multiarch();

    /// <summary>Addresses of a mirror.</summary>
    [
        GeneratedRegex(
            @"\A(https?|file|ftp|mirror\+https?|mirror\+file)://?[A-Za-z0-9._~:/?#@!$&()*+,=%\[\]-]*\z|\Afile:/[A-Za-z0-9._~/-]*\z"),
    ]
    internal static partial Regex Mirror();
}
