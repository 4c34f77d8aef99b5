using HvBindgen.Emulation.X64.Execution;
using HvBindgen.Emulation.X64.Numbers;

namespace HvBindgen.Emulation.X64.Instructions;

/// <summary>FYL2X, FPATAN, FSIN and their kin.</summary>
internal sealed class X87TranscendentalInstructions(X87Registers x87)
{
    private const int FirstTooLarge = 63;

    /// <summary>What an instruction makes of the two numbers on top: the one below, and the top.</summary>
    internal delegate X87Number TopOperation(X87Number below, X87Number top, ref NumberEnvironment environment);

    /// <summary>FYL2X, FYL2XP1, FPATAN: one number in place of two.</summary>
    internal bool Combine(TopOperation operation)
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        NumberEnvironment environment = x87.Control.Environment;
        X87Number result = X87Number.Indefinite;

        if (x87.HasTop && x87.IsUsedAt(1))
        {
            result = operation(x87.NumberAt(1), x87.TopNumber, ref environment);
        }
        else
        {
            environment.Raised = NumberExceptions.Invalid | NumberExceptions.Stack;
        }

        x87.Raise(environment.Raised, environment.IsRoundedUp);

        if (x87.Control.Masks(environment.Raised & NumberExceptions.BeforeResult))
        {
            x87.Write(1, result);
            x87.Pop();
        }

        return x87.TryCommit();
    }

    /// <summary>FSIN, FCOS. An angle that is too large is left, and told.</summary>
    internal bool TakeWave(bool isCosine)
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        NumberEnvironment environment = x87.Control.Environment;

        if (!TryPrepare(ref environment, needsRoom: false, out X87Number? special, out WideNumber reduced, out int quarters))
        {
            return StoreSpecial(special, pushes: false, in environment);
        }

        X87Number top = x87.TopNumber;
        WideNumber value = X87Transcendentals.Wave(in reduced, quarters, isCosine);
        value = !isCosine && top.IsNegative ? PreciseArithmetic.Negate(in value) : value;
        return Store(RoundWave(in value, top, ref environment), null, in environment);
    }

    /// <summary>FSINCOS: the sine in place of the angle, and the cosine on top of it.</summary>
    internal bool TakeBothWaves()
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        NumberEnvironment environment = x87.Control.Environment;

        if (!TryPrepare(ref environment, needsRoom: true, out X87Number? special, out WideNumber reduced, out int quarters))
        {
            return StoreSpecial(special, pushes: true, in environment);
        }

        X87Number top = x87.TopNumber;
        WideNumber sine = X87Transcendentals.Wave(in reduced, quarters, isCosine: false);
        sine = top.IsNegative ? PreciseArithmetic.Negate(in sine) : sine;
        WideNumber cosine = X87Transcendentals.Wave(in reduced, quarters, isCosine: true);
        X87Number second = RoundWave(in cosine, top, ref environment);
        return Store(RoundWave(in sine, top, ref environment), second, in environment);
    }

    /// <summary>FPTAN: the tangent in place of the angle, and one on top of it.</summary>
    internal bool TakeTangent()
    {
        if (!x87.TryUse(waits: true))
        {
            return false;
        }

        NumberEnvironment environment = x87.Control.Environment;

        if (!TryPrepare(ref environment, needsRoom: true, out X87Number? special, out WideNumber reduced, out int quarters))
        {
            return StoreSpecial(special, pushes: true, in environment);
        }

        X87Number top = x87.TopNumber;
        WideNumber tangent = PreciseArithmetic.Divide(
            X87Transcendentals.Wave(in reduced, quarters, isCosine: false), X87Transcendentals.Wave(in reduced, quarters, isCosine: true));
        tangent = tangent with { Significand = tangent.Significand | 1, IsNegative = tangent.IsNegative != top.IsNegative };
        return Store(Round(in tangent, top, ref environment), X87Number.FromInteger(1), in environment);
    }

    // Whether there is an angle to be computed with; if not, what takes its place: nothing where it is too large.
    private bool TryPrepare(
        ref NumberEnvironment environment, bool needsRoom, out X87Number? special, out WideNumber reduced, out int quarters)
    {
        special = X87Number.Indefinite;
        reduced = default;
        quarters = 0;
        x87.ClearPartial();

        if (!x87.HasTop || (needsRoom && !x87.HasRoom))
        {
            environment.Raised = NumberExceptions.Invalid | NumberExceptions.Stack;
            environment.IsRoundedUp = x87.HasTop;
            return false;
        }

        X87Number top = x87.TopNumber;

        if (X87Arithmetic.TryFindNan(top, top, ref environment, out X87Number nan))
        {
            special = nan;
            return false;
        }

        if (top.IsInfinity)
        {
            environment.Raised |= NumberExceptions.Invalid;
            return false;
        }

        WideNumber angle = top.ToWide();

        if (angle.Kind == WideKind.Finite && angle.Exponent >= FirstTooLarge)
        {
            special = null;
            return false;
        }

        reduced = X87Transcendentals.Reduce(in angle, out quarters);
        return true;
    }

    private static X87Number Round(in WideNumber value, X87Number top, ref NumberEnvironment environment) =>
        X87Arithmetic.Complete(in value, NumberExceptions.None, top.IsDenormal, X87Number.Precision, ref environment);

    // But of zero no sine or cosine is exact.
    private static X87Number RoundWave(in WideNumber value, X87Number top, ref NumberEnvironment environment) =>
        Round(top.IsZero ? value : X87Transcendentals.Smaller(in value), top, ref environment);

    private bool StoreSpecial(X87Number? special, bool pushes, in NumberEnvironment environment)
    {
        if (special is { } number)
        {
            return Store(number, pushes ? number : null, in environment);
        }

        x87.SetPartial();
        return x87.TryCommit();
    }

    private bool Store(X87Number replaced, X87Number? pushed, in NumberEnvironment environment)
    {
        x87.Raise(environment.Raised, environment.IsRoundedUp);

        if (x87.Control.Masks(environment.Raised & NumberExceptions.BeforeResult))
        {
            x87.Write(0, replaced);

            if (pushed is { } number)
            {
                x87.Push(number);
            }
        }

        return x87.TryCommit();
    }
}
