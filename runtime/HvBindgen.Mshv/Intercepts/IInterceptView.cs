namespace HvBindgen.Mshv.Intercepts;

/// <summary>A way to look at messages of some types that says more than the record of their payload does.</summary>
/// <typeparam name="TSelf">The view itself.</typeparam>
public interface IInterceptView<TSelf>
    where TSelf : struct, IInterceptView<TSelf>, allows ref struct
{
    /// <summary>Looks at a message.</summary>
    /// <param name="intercept">The message.</param>
    /// <param name="view">The view, valid as long as the message does not change.</param>
    /// <returns>False when the message is of another type, or too short.</returns>
    static abstract bool TryShow(Intercept intercept, out TSelf view);
}
