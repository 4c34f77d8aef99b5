namespace ClangSharp.Interop;

/// <summary>Result of a libclang call.</summary>
public enum CXErrorCode
{
    /// <summary>Done.</summary>
    CXError_Success = 0,

    /// <summary>Failed without a known cause.</summary>
    CXError_Failure = 1,

    /// <summary>libclang crashed inside the call.</summary>
    CXError_Crashed = 2,

    /// <summary>The call breaks its own rules.</summary>
    CXError_InvalidArguments = 3,

    /// <summary>A precompiled file cannot be read.</summary>
    CXError_ASTReadError = 4,
}
