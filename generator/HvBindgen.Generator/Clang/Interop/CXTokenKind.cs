namespace ClangSharp.Interop;

/// <summary>Kind of a raw token.</summary>
public enum CXTokenKind
{
    /// <summary>Operator or bracket.</summary>
    CXToken_Punctuation = 0,

    /// <summary>Keyword of the language.</summary>
    CXToken_Keyword = 1,

    /// <summary>Any other name.</summary>
    CXToken_Identifier = 2,

    /// <summary>Number, character or string.</summary>
    CXToken_Literal = 3,

    /// <summary>Comment.</summary>
    CXToken_Comment = 4,
}
