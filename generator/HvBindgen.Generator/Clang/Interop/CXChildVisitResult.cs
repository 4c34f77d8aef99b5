namespace ClangSharp.Interop;

/// <summary>What a cursor visitor wants next.</summary>
public enum CXChildVisitResult
{
    /// <summary>End the walk.</summary>
    CXChildVisit_Break = 0,

    /// <summary>Next sibling.</summary>
    CXChildVisit_Continue = 1,

    /// <summary>Children of this cursor first.</summary>
    CXChildVisit_Recurse = 2,
}
