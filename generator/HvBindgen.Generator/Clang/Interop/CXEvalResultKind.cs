namespace ClangSharp.Interop;

/// <summary>Kind of an evaluated constant.</summary>
public enum CXEvalResultKind
{
    /// <summary>Integer.</summary>
    CXEval_Int = 1,

    /// <summary>Floating.</summary>
    CXEval_Float = 2,

    /// <summary>Objective-C string.</summary>
    CXEval_ObjCStrLiteral = 3,

    /// <summary>C string.</summary>
    CXEval_StrLiteral = 4,

    /// <summary>CoreFoundation string.</summary>
    CXEval_CFStr = 5,

    /// <summary>Another kind.</summary>
    CXEval_Other = 6,

    /// <summary>None.</summary>
    CXEval_UnExposed = 0,
}
