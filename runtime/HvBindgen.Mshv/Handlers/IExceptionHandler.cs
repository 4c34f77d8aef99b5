using HvBindgen.Mshv.Intercepts;

namespace HvBindgen.Mshv.Handlers;

/// <summary>What becomes of an intercepted exception.</summary>
public enum ExceptionAction
{
    /// <summary>The run ends as unhandled, with the message.</summary>
    Unhandled,

    /// <summary>The guest takes the exception, as if it had not been intercepted.</summary>
    Deliver,

    /// <summary>The guest goes on where it was; the handler has removed the cause.</summary>
    Retry,
}

/// <summary>Looks at exceptions that the hypervisor was told to intercept: a debugger.</summary>
public interface IExceptionHandler
{
    /// <summary>The guest is about to take an exception.</summary>
    /// <param name="vpIndex">Processor.</param>
    /// <param name="exception">The exception, with the registers.</param>
    /// <returns>What becomes of it.</returns>
    ExceptionAction OnException(uint vpIndex, in ExceptionIntercept exception);

    /// <summary>The loop has carried out an instruction of a guest that steps (TF), such as an access to a device: #DB is due, which the
    /// hypervisor does not intercept, because the loop would be the one that raises it.</summary>
    /// <param name="vpIndex">Processor. Its registers are written when the handler has returned.</param>
    /// <returns>True when the step was the handler's own, and the guest hears nothing of it.</returns>
    bool OnStepped(uint vpIndex) => false;
}
