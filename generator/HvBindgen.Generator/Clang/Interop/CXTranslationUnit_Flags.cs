namespace ClangSharp.Interop;

/// <summary>How to parse a translation unit.</summary>
public enum CXTranslationUnit_Flags
{
    /// <summary>Plain parse.</summary>
    CXTranslationUnit_None = 0x0,

    /// <summary>Keep macro definitions and expansions as cursors.</summary>
    CXTranslationUnit_DetailedPreprocessingRecord = 0x1,

    /// <summary>The source is a part of something greater.</summary>
    CXTranslationUnit_Incomplete = 0x2,

    /// <summary>Do not parse function bodies.</summary>
    CXTranslationUnit_SkipFunctionBodies = 0x40,

    /// <summary>Go on after a fatal error.</summary>
    CXTranslationUnit_KeepGoing = 0x200,

    /// <summary>Do not follow inclusions.</summary>
    CXTranslationUnit_SingleFileParse = 0x400,

    /// <summary>Show attributes that stand in types.</summary>
    CXTranslationUnit_IncludeAttributedTypes = 0x1000,

    /// <summary>Visit attributes that the source does not spell.</summary>
    CXTranslationUnit_VisitImplicitAttributes = 0x2000,

    /// <summary>Keep what conditionals leave out.</summary>
    CXTranslationUnit_RetainExcludedConditionalBlocks = 0x8000,
}
