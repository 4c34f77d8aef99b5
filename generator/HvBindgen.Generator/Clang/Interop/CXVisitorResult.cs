namespace ClangSharp.Interop;

/// <summary>What a field visitor wants next.</summary>
public enum CXVisitorResult
{
    /// <summary>End the walk.</summary>
    CXVisit_Break = 0,

    /// <summary>Next field.</summary>
    CXVisit_Continue = 1,
}
